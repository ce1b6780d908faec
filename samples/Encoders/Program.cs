using System.Diagnostics;
using System.Globalization;
using Encoders;
using FlowCore.Training;

// Two trainings, one on a simulation with a perfect pointing and one with the pointing of the data; both are judged on the same events.
if (!TryNumber("--events", 100_000, out var events) || !TryNumber("--epochs", 20, out var epochs) || !TryNumber("--test", 1000, out var tests) || !TryNumber("--fits", 200, out var fits))
    return 1;
var output = "";
if (Array.IndexOf(args, "--figures") is var place && place >= 0)
{
    if (place + 1 == args.Length)
    {
        Console.Error.WriteLine("Expected a folder after --figures, got nothing.");
        return 1;
    }

    output = args[place + 1];
}

var (perfect, real) = (new PointSource(Pointing: 0), new PointSource(Pointing: 0.1));
var started = Stopwatch.GetTimestamp();
using var without = SourceModel.Train(perfect, events, epochs, TrainingConsole.Progress());
using var with = SourceModel.Train(real, events, epochs, TrainingConsole.Progress());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"two trainings on {events} events: {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s"));
Console.WriteLine();
Console.WriteLine("training, events        | in 68.27 % | −ln q | width of x |     fit | p < 5 % | second source p < 5 %");
Console.WriteLine("------------------------|------------|-------|------------|---------|---------|----------------------");
var judgements = new List<SourceJudgement>();
foreach (var (name, model, truth) in new[] { ("perfect, perfect", without, perfect), ("perfect, shifted", without, real), ("shifted, shifted", with, real) })
{
    var judgement = SourceJudgement.Of(name, model, truth, tests, Math.Min(fits, tests));
    judgements.Add(judgement);
    var coverage = judgement.Coverage;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-23} | {coverage.HighestDensity!.Nominal[0].Observed,10:p1} | {coverage.NegativeLogDensity,5:f2} | {coverage.IntervalSize[0],10:f3} | {judgement.Fit.Uniformity().PValue,7:g2} | {Small(judgement.Fit.Averaged),7:p1} | {Small(judgement.FitOfCompanions.Averaged),21:p1}"));
}

Console.WriteLine();
Console.WriteLine("Coverage of 68.27 % by number of hits, trained and tested with the pointing:");
foreach (var stratum in judgements[^1].Coverage.Strata.Where(test => test.Name.StartsWith("highest density", StringComparison.Ordinal)))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {stratum.Name}: {stratum.Nominal[0].Observed:p1} of {stratum.Events}"));
if (output.Length > 0)
{
    Directory.CreateDirectory(output);
    SourceFigures.Judgements(judgements).SaveSvg(Path.Combine(output, "point-source.svg"));
    SourceFigures.Event(real, without, with).SaveSvg(Path.Combine(output, "point-source-event.svg"));
}

return 0;

static double Small(IReadOnlyList<double> values) => values.Count(p => p < 0.05) / (double)values.Count;

// A whole number of at least 1 after its name, or the default.
bool TryNumber(string option, int byDefault, out int number)
{
    number = byDefault;
    var place = Array.IndexOf(args, option);
    if (place < 0)
        return true;
    var text = place + 1 < args.Length ? args[place + 1] : "nothing";
    if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0)
        return true;
    Console.Error.WriteLine($"Expected a whole number of at least 1 after {option}, got {text}.");
    return false;
}
