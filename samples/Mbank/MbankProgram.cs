using CommandLine;

namespace Mbank;

/// <summary>The program: the page of mbank.flow from samples, the same kind of flow from values of a density, and a flow on the rows of a file.</summary>
internal static class MbankProgram
{
    private static readonly BoxVerb _page = new("page", "From samples: 100,000 rows of Exp(1) x N(0, 1), as the page has it. This is what is done where no verb is given.", MbankOptions.Page);
    private static readonly BoxVerb _regression = new("regression", "From values of a log-density that lacks its constant.", MbankOptions.Regression);
    private static readonly CommandApplication _application = new("A normalizing flow inside a box, as the page of mbank.flow has it.", _page, _regression, new TrainFlowVerb());

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="reporter">Takes lines and progress.</param>
    /// <param name="output">Where help goes.</param>
    /// <param name="error">Where the sentence about a failure goes.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, ConsoleReporter reporter, TextWriter output, TextWriter error, CancellationToken cancellation) =>
        _application.Run(UsualVerb.Complete(args, _page.Name), reporter, output, error, cancellation);

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(UsualVerb.Complete(args, _page.Name));

    /// <summary>Trains, which Ctrl-C ends early, and saves what there is then.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="steps">The steps of the training at most.</param>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="isVerbose">Whether to show how far the training is.</param>
    /// <param name="run">Trains and judges.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int TrainAndSave(
        CommandContext context, int steps, string folder, bool isVerbose, Func<TextWriter, TrainingReport?, CancellationToken, IRunResult> run)
    {
        var output = new ReporterWriter(context.Reporter);
        using var result = context.Poll(
            "train", steps, report => run(output, isVerbose ? new TrainingReport(report, value => value.Step) : null, context.Cancellation));
        result.Save(folder);
        context.Reporter.Line($"Model, history and figures are in {folder}.");
        return result.IsCancelled ? ExitCode.Cancelled : ExitCode.Success;
    }
}
