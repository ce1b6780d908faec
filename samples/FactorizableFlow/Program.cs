using FactorizableFlow.Application;

return StudyApplication.RunProcess(args);
