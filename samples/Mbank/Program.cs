using FlowCore.IO;
using FlowCore.Training;
using Mbank;

// page (or nothing): the page of mbank.flow from samples; regression: the same flow from values of a density. Exit code 0 where the work is done.
MbankOptions options;
try
{
    options = MbankOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

if (options.IsHelp)
{
    Console.WriteLine(MbankOptions.Help);
    return 0;
}

try
{
    Directory.CreateDirectory(options.Output);
    using var interrupt = new Interrupt();
    var progress = TrainingConsole.Progress();
    using var result = options.IsRegression
        ? RegressionRun.Run(options, Console.Out, progress, interrupt.Token)
        : (IRunResult)PageRun.Run(options, Console.Out, progress, interrupt.Token);
    result.Save(options.Output);
    Console.WriteLine($"Model, history and figures are in {options.Output}.");
    return 0;
}
catch (Exception error)
{
    Console.Error.WriteLine(ContentBoundary.Sentence(error));
    return 1;
}
