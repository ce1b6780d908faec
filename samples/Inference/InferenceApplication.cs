using System.CommandLine;
using CommandLine;

namespace Inference;

/// <summary>The program: one study or one program of the page a call.</summary>
internal static class InferenceApplication
{
    private static readonly StudySettings _usual = new();
    private static readonly Option<string> _folder = FolderOption.Create("--out", "Where the figure goes.", _usual.Folder);
    private static readonly Option<int> _steps = NumberOption.Whole("--steps", "Steps of each fit.", _usual.Steps);
    private static readonly Option<ulong?> _seed = CommonOptions.Seed();

    private static readonly CommandApplication _application = new(
        "Fits to a posterior, gradients of expectations, and the programs of docs/inference.md.",
        new Verb(
            "bimodal", "A posterior of two modes, fitted in four ways: a table, and the figure bimodal.svg.", [_folder, _steps, _seed],
            (context, parsed) => BimodalStudy.Run(Settings(parsed), new ReporterWriter(context.Reporter))),
        new Verb(
            "gradients", "Estimates of gradients beside the true ones: a table, and the figure gradients.svg.", [_folder, _seed],
            (context, parsed) => GradientStudy.Run(Settings(parsed), new ReporterWriter(context.Reporter))),
        new Verb("posterior", "Slope and offset of a line through four points.", [], (_, _) => FirstPosterior.Run()),
        new Verb("expectations", "A flow that is trained until a moment has its value.", [], (_, _) => FirstExpectations.Run()));

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(args);

    private static StudySettings Settings(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        OutputFile.PrepareFolder(folder);
        return new StudySettings { Folder = folder, Steps = parsed.GetValue(_steps), Seed = parsed.GetValue(_seed) ?? CommonOptions.DefaultSeed };
    }
}
