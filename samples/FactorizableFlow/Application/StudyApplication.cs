using CommandLine;
using FactorizableFlow.Verbs;

namespace FactorizableFlow.Application;

/// <summary>The study's program.</summary>
public static class StudyApplication
{
    private static readonly CommandApplication _application = new(
        "Factorizable normalizing flows on a two-class toy: learn the densities, learn how they deform with continuous nuisances, "
        + "and check both against the analytic truth.",
        new GenerateDatasetVerb(),
        TrainingVerb.BaseFlows,
        TrainingVerb.Systematics,
        new ValidateFlowsVerb(),
        new VisualizeDatasetVerb(),
        new VisualizeResidualTransformVerb(),
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
