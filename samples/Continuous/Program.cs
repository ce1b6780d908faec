using ContinuousSample;

return ContinuousApplication.RunProcess(args);
