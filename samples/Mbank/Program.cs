using FlowCore.Training;
using Mbank;

// page (or nothing): the page of mbank.flow from samples; regression: the same flow from values of a density; train-flow: a flow on the rows of a file.
using var interrupt = new Interrupt();
return MbankProgram.Run(args, Console.Out, Console.Error, TrainingConsole.Progress(), interrupt.Token);
