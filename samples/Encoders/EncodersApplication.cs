using System.CommandLine;
using CommandLine;

namespace Encoders;

/// <summary>The program: the experiment of docs/encoders.md.</summary>
internal static class EncodersApplication
{
    private const string OnlyVerb = "source";

    private static readonly Option<int> _events = NumberOption.Whole("--events", "Events of each training.", usual: 100_000, minimum: 100);
    private static readonly Option<int> _epochs = NumberOption.Whole("--epochs", "Epochs of each training.", usual: 20);
    private static readonly Option<int> _tests = NumberOption.Whole("--test", "Events to judge on.", usual: 1000, minimum: 10);
    private static readonly Option<int> _fits = NumberOption.Whole("--fits", "Events whose goodness of fit is computed, no more than there are to judge on.", usual: 200);
    private static readonly Option<string?> _figures = FolderOption.Optional("--figures", "Where the figures go.");

    private static readonly CommandApplication _application = new(
        "A point source on a detector without pixels: a posterior and a likelihood behind an encoder of sets.",
        new Verb(
            OnlyVerb,
            "Train on a simulation with a perfect pointing and on one with the pointing of the data, and judge both on the same events.",
            [_events, _epochs, _tests, _fits, _figures],
            Run));

    /// <summary>Runs the command line of this process; its only verb need not be named.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(UsualVerb.Only(args, OnlyVerb));

    private static void Run(CommandContext context, ParseResult parsed)
    {
        var figures = parsed.GetValue(_figures);
        if (figures is not null)
            OutputFile.PrepareFolder(figures);
        var tests = parsed.GetValue(_tests);
        SourceStudy.Run(context, parsed.GetValue(_events), parsed.GetValue(_epochs), tests, Math.Min(parsed.GetValue(_fits), tests), figures);
    }
}
