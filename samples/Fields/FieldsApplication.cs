using CommandLine;
using LognormalFields.Verbs;

namespace LognormalFields;

/// <summary>The program: lognormal fields from their generation to their denoising.</summary>
internal static class FieldsApplication
{
    private static readonly CommandApplication _application = new(
        "Lognormal fields of known density: draw them, train flows on them, judge these against the truth, and take noise off observed fields.",
        new GenerateVerb(),
        new TrainVerb(),
        new ValidateVerb(),
        new DenoiseVerb(),
        new FiguresVerb(),
        new ReproduceVerb());

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
