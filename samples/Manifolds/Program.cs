using System.Globalization;
using FlowCore.Training;
using ManifoldsSample;

// first: the three programs of the page on small data. joint: a density on a cylinder, as a figure. directions: energy and direction from a detector, coverage and figures.
// tracks: place, energy and direction from hits, behind an encoder of one's own.
var verb = args.Length > 0 ? args[0] : "";
if (verb is not ("first" or "joint" or "directions" or "tracks"))
{
    Console.Error.WriteLine("Expected 'first', 'joint', 'directions' or 'tracks', got " + (verb.Length == 0 ? "nothing." : $"'{verb}'."));
    return 1;
}

if (!TryNumber("--events", 50_000, out var events) || !TryNumber("--epochs", 40, out var epochs) || !TryText("--figures", out var figures))
    return 1;
try
{
    Run();
    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TrainingDivergedException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void Run()
{
    if (figures.Length > 0)
        Directory.CreateDirectory(figures);
    switch (verb)
    {
        case "first":
            First();
            break;
        case "joint":
            Joint();
            break;
        case "tracks":
            Tracks();
            break;
        default:
            Directions();
            break;
    }
}

void First()
{
    var (targets, conditions) = FirstData.Bananas(Math.Min(events, 5000));
    var (others, theirs) = FirstData.Bananas(1000, seed: 3);
    FirstPdfs.Unconditional(targets, others, epochs, Console.Out);
    FirstPdfs.Conditional(targets, conditions, others, theirs, epochs, Console.Out);
    FirstPdfs.Product(FirstData.OnProduct(Math.Min(events, 5000)), FirstData.OnProduct(1000, seed: 4), epochs, Console.Out);
    var (sets, given) = FirstData.Sets(Math.Min(events, 3000));
    FirstPdfs.Sets(sets, given, epochs, Console.Out);
}

void Joint()
{
    using var cylinder = JointStudy.Train(Math.Min(events, 10_000), epochs, TrainingConsole.Progress());
    if (figures.Length > 0)
        JointFigure.Plane(cylinder, "A density on a cylinder: regions of 50, 90 and 99 %", ["x", "φ"], []).SaveSvg(Path.Combine(figures, "cylinder.svg"));
}

void Tracks()
{
    using var model = TrackStudy.Train(events, epochs, TrainingConsole.Progress());
    var report = TrackStudy.Judge(model, 5000, Console.Out);
    if (figures.Length == 0)
        return;
    TrackStudy.Joint(model).SaveSvg(Path.Combine(figures, "track.svg"));
    DirectionFigures.Coverage("Coverage of tracks", report).SaveSvg(Path.Combine(figures, "tracks-coverage.svg"));
}

void Directions()
{
    using var pdf = DirectionStudy.Train(events, epochs, TrainingConsole.Progress());
    var report = DirectionStudy.Judge(pdf, 5000, Console.Out);
    if (figures.Length == 0)
        return;
    DirectionFigures.Sky(pdf, 3).SaveSvg(Path.Combine(figures, "sky.svg"));
    DirectionFigures.Joint(pdf).SaveSvg(Path.Combine(figures, "joint.svg"));
    DirectionFigures.SkyWithMarginals(pdf).SaveSvg(Path.Combine(figures, "sky-marginals.svg"));
    DirectionFigures.Coverage("Coverage of energy and direction", report).SaveSvg(Path.Combine(figures, "directions-coverage.svg"));
}

bool TryNumber(string option, int byDefault, out int number)
{
    number = byDefault;
    if (!TryText(option, out var text))
        return false;
    if (text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0))
        return true;
    Console.Error.WriteLine($"Expected a whole number of at least 1 after {option}, got '{text}'.");
    return false;
}

bool TryText(string option, out string text)
{
    text = "";
    var place = Array.IndexOf(args, option);
    if (place < 0)
        return true;
    if (place + 1 == args.Length)
    {
        Console.Error.WriteLine($"Expected a value after {option}, got nothing.");
        return false;
    }

    text = args[place + 1];
    return true;
}
