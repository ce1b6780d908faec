using System.Diagnostics;
using System.Globalization;
using CommandLine;

namespace Encoders;

/// <summary>Two trainings, one on a simulation with a perfect pointing and one with the pointing of the data; both are judged on the same events.</summary>
internal static class SourceStudy
{
    private static readonly string[] _headers = ["training, events", "in 68.27 %", "−ln q", "width of x", "fit", "p < 5 %", "second source p < 5 %"];

    /// <summary>Trains, prints the tables and draws the figures.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="events">Events of each training.</param>
    /// <param name="epochs">Epochs of each training.</param>
    /// <param name="tests">Events to judge on.</param>
    /// <param name="fits">Events whose goodness of fit is computed; at most as many.</param>
    /// <param name="figures">The folder of the figures; null for none.</param>
    public static void Run(CommandContext context, int events, int epochs, int tests, int fits, string? figures)
    {
        var (perfect, real) = (new PointSource(Pointing: 0), new PointSource(Pointing: 0.1));
        var started = Stopwatch.GetTimestamp();
        using var without = Train("perfect pointing", perfect);
        using var with = Train("shifted pointing", real);
        context.Reporter.Line(string.Create(CultureInfo.InvariantCulture, $"two trainings on {events} events: {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s"));

        (string Name, SourceModel Model, PointSource Truth)[] cases = [("perfect, perfect", without, perfect), ("perfect, shifted", without, real), ("shifted, shifted", with, real)];
        SourceJudgement[] judgements = [.. cases.Select(one => SourceJudgement.Of(one.Name, one.Model, one.Truth, tests, fits))];
        context.Reporter.Table(_headers, judgements.Select(Row));

        context.Reporter.Line("Coverage of 68.27 % by number of hits, trained and tested with the pointing:");
        foreach (var stratum in judgements[^1].Coverage.Strata.Where(test => test.Name.StartsWith("highest density", StringComparison.Ordinal)))
            context.Reporter.Line(string.Create(CultureInfo.InvariantCulture, $"  {stratum.Name}: {stratum.Nominal[0].Observed:p1} of {stratum.Events}"));
        if (figures is null)
            return;
        SourceFigures.Judgements(judgements).SaveSvg(Path.Combine(figures, "point-source.svg"));
        SourceFigures.Event(real, without, with).SaveSvg(Path.Combine(figures, "point-source-event.svg"));

        SourceModel Train(string description, PointSource simulation) =>
            context.Train(description, epochs, (progress, cancellation) => SourceModel.Train(simulation, events, epochs, progress, cancellation));
    }

    private static string[] Row(SourceJudgement judgement)
    {
        var coverage = judgement.Coverage;
        return
        [
            judgement.Name,
            Text(coverage.HighestDensity!.Nominal[0].Observed, "p1"),
            Text(coverage.NegativeLogDensity, "f2"),
            Text(coverage.IntervalSize[0], "f3"),
            Text(judgement.Fit.Uniformity().PValue, "g2"),
            Text(Small(judgement.Fit.Averaged), "p1"),
            Text(Small(judgement.FitOfCompanions.Averaged), "p1"),
        ];
    }

    private static double Small(IReadOnlyList<double> values) => values.Count(p => p < 0.05) / (double)values.Count;

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
