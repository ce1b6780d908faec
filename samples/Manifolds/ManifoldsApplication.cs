using System.CommandLine;
using CommandLine;

namespace ManifoldsSample;

/// <summary>The program: densities on manifolds, as docs/manifolds.md shows them.</summary>
internal static class ManifoldsApplication
{
    private const int FreshRows = 1000;
    private const int JudgedEvents = 5000;

    // Sets are more than a row each: as many are enough.
    private const int MostSets = 3000;

    private static readonly Option<int> _firstEvents = Events(5000);
    private static readonly Option<int> _jointEvents = Events(10_000);
    private static readonly Option<int> _events = Events(50_000);
    private static readonly Option<int> _epochs = NumberOption.Whole("--epochs", "Epochs of each training.", usual: 40);
    private static readonly Option<string?> _figures = FolderOption.Optional("--figures", "Where the figures go.");

    private static readonly CommandApplication _application = new(
        "Densities on manifolds: the programs of docs/manifolds.md.",
        new Verb("first", "The three programs of the page on small data, and the sets of events.", [_firstEvents, _epochs], First),
        new Verb("joint", "A density on a cylinder: the figure cylinder.svg.", [_jointEvents, _epochs, _figures], Joint),
        new Verb("directions", "Energy and direction from a detector: coverage and four figures.", [_events, _epochs, _figures], Directions),
        new Verb("tracks", "Place, energy and direction from hits, behind an encoder: coverage and two figures.", [_events, _epochs, _figures], Tracks));

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(args);

    private static Option<int> Events(int usual) => NumberOption.Whole("--events", "Events of the training.", usual, minimum: 100);

    private static void First(CommandContext context, ParseResult parsed)
    {
        var (events, epochs, output) = (parsed.GetValue(_firstEvents), parsed.GetValue(_epochs), new ReporterWriter(context.Reporter));
        var (targets, conditions) = FirstData.Bananas(events);
        var (others, theirs) = FirstData.Bananas(FreshRows, seed: 3);
        FirstPdfs.Unconditional(targets, others, epochs, output);
        FirstPdfs.Conditional(targets, conditions, others, theirs, epochs, output);
        FirstPdfs.Product(FirstData.OnProduct(events), FirstData.OnProduct(FreshRows, seed: 4), epochs, output);
        var (sets, given) = FirstData.Sets(Math.Min(events, MostSets));
        FirstPdfs.Sets(sets, given, epochs, output);
    }

    private static void Joint(CommandContext context, ParseResult parsed)
    {
        var figures = Figures(parsed);
        var (events, epochs) = (parsed.GetValue(_jointEvents), parsed.GetValue(_epochs));
        using var cylinder = context.Train("density on a cylinder", epochs, (progress, cancellation) => JointStudy.Train(events, epochs, progress, cancellation));
        if (figures is not null)
            JointFigure.Plane(cylinder, "A density on a cylinder: regions of 50, 90 and 99 %", ["x", "φ"], []).SaveSvg(Path.Combine(figures, "cylinder.svg"));
    }

    private static void Directions(CommandContext context, ParseResult parsed)
    {
        var figures = Figures(parsed);
        var (events, epochs) = (parsed.GetValue(_events), parsed.GetValue(_epochs));
        using var pdf = context.Train("energy and direction", epochs, (progress, cancellation) => DirectionStudy.Train(events, epochs, progress, cancellation));
        var report = DirectionStudy.Judge(pdf, JudgedEvents, new ReporterWriter(context.Reporter));
        if (figures is null)
            return;
        DirectionFigures.Sky(pdf, 3).SaveSvg(Path.Combine(figures, "sky.svg"));
        DirectionFigures.Joint(pdf).SaveSvg(Path.Combine(figures, "joint.svg"));
        DirectionFigures.SkyWithMarginals(pdf).SaveSvg(Path.Combine(figures, "sky-marginals.svg"));
        DirectionFigures.Coverage("Coverage of energy and direction", report).SaveSvg(Path.Combine(figures, "directions-coverage.svg"));
    }

    private static void Tracks(CommandContext context, ParseResult parsed)
    {
        var figures = Figures(parsed);
        var (events, epochs) = (parsed.GetValue(_events), parsed.GetValue(_epochs));
        using var model = context.Train("tracks", epochs, (progress, cancellation) => TrackStudy.Train(events, epochs, progress, cancellation));
        var report = TrackStudy.Judge(model, JudgedEvents, new ReporterWriter(context.Reporter));
        if (figures is null)
            return;
        TrackStudy.Joint(model).SaveSvg(Path.Combine(figures, "track.svg"));
        DirectionFigures.Coverage("Coverage of tracks", report).SaveSvg(Path.Combine(figures, "tracks-coverage.svg"));
    }

    private static string? Figures(ParseResult parsed)
    {
        var figures = parsed.GetValue(_figures);
        if (figures is not null)
            OutputFile.PrepareFolder(figures);
        return figures;
    }
}
