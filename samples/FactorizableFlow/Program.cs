using FactorizableFlow.Application;

using var interrupt = new InterruptSource();
return StudyApplication.Run(args, ConsoleReporter.ForProcess(), Console.Out, Console.Error, interrupt.Token);
