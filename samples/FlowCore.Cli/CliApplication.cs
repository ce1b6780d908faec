using CommandLine;
using FlowCore.Cli.Verbs;

namespace FlowCore.Cli;

/// <summary>The program for any density.</summary>
public static class CliApplication
{
    private static readonly CommandApplication _application = new(
        "A density from the rows of a file: fit it, judge it, sample from it, and carry it to PyTorch and back.",
        new FitVerb(),
        new FitResponseVerb(),
        new EvaluateVerb(),
        new DiagnoseVerb(),
        new PlotVerb(),
        new LogProbVerb(),
        new SampleVerb(),
        new CompareVerb(),
        new InspectVerb(),
        new ImportVerb(),
        new ExportVerb());

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="reporter">Takes lines, tables and progress.</param>
    /// <param name="output">Where help and version go.</param>
    /// <param name="error">Where the sentence about a failure goes.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, ConsoleReporter reporter, TextWriter output, TextWriter error, CancellationToken cancellation) =>
        _application.Run(args, reporter, output, error, cancellation);

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(args);
}
