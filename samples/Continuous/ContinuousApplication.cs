using System.CommandLine;
using CommandLine;

namespace ContinuousSample;

/// <summary>The program: one study of continuous flows a call.</summary>
internal static class ContinuousApplication
{
    private static readonly Option<string> _folder = FolderOption.Create("--out", "Where the figure goes.", Path.Combine("docs", "figures", "continuous"));
    private static readonly Option<int> _moonSteps = NumberOption.Whole("--steps", "Steps of the training.", usual: 20_000);
    private static readonly Option<int> _sphereSteps = NumberOption.Whole("--steps", "Steps of the training.", usual: 12_000);

    private static readonly CommandApplication _application = new(
        "Flows of differential equations: two moons, spots on the sphere, and the first program of docs/continuous.md.",
        new Verb(
            "moons", "Two moons by flow matching, beside the recommended spline flow: the figure moons.svg.", [_folder, _moonSteps],
            (context, parsed) => MoonStudy.Run(context, Folder(parsed), parsed.GetValue(_moonSteps), new ReporterWriter(context.Reporter))),
        new Verb(
            "sphere", "Two spots on the sphere by flow matching: the figure sphere.svg.", [_folder, _sphereSteps],
            (context, parsed) => SphereStudy.Run(context, Folder(parsed), parsed.GetValue(_sphereSteps), new ReporterWriter(context.Reporter))),
        new Verb(
            "first", "The first program: trains on two moons and saves moons.safetensors.", [],
            (context, _) => FirstFlow.Run(Moons.Draw(4096, 1), 200, "moons.safetensors", new ReporterWriter(context.Reporter))));

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(args);

    private static string Folder(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        OutputFile.PrepareFolder(folder);
        return folder;
    }
}
