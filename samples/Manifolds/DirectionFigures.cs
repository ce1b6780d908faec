using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Manifolds;
using Plotting;

namespace ManifoldsSample;

/// <summary>What a detector's events say about their directions and energies.</summary>
internal static class DirectionFigures
{
    /// <summary>Directions of some events on the whole sky and around the truth.</summary>
    /// <param name="pdf">The trained pdf.</param>
    /// <param name="events">How many events.</param>
    /// <returns>The figure.</returns>
    public static Figure Sky(Pdf<float> pdf, int events)
    {
        var (truth, seen) = Detector.Simulate(events, seed: 3);
        var figure = new Figure("Regions of 50, 90 and 99 %, and the truth", events, 2).PanelSize(330, 165).ColumnWidths(1, 0.5);
        for (var i = 0; i < events; i++)
        {
            var (logEnergy, zenith, azimuth) = (truth[3 * i], truth[(3 * i) + 1], truth[(3 * i) + 2]);
            double[] direction = [Math.Sin(zenith) * Math.Cos(azimuth), Math.Sin(zenith) * Math.Sin(azimuth), Math.Cos(zenith)];
            var condition = seen.AsSpan(Detector.Seen * i, Detector.Seen).ToArray();
            double[] LogDensity(double[] directions) => Directions(pdf, condition, logEnergy, directions);
            SkyFigure.AddMollweide(figure.Panel(i, 0).Title(FormattableString.Invariant($"ln E = {logEnergy:f1}, the sky")), LogDensity, direction);
            SkyFigure.AddLambert(figure.Panel(i, 1).Title("around the truth, 60°"), LogDensity, direction, Math.PI / 3, direction);
        }

        return figure;
    }

    /// <summary>Energy and direction of one event together: the regions of all pairs and the marginals.</summary>
    /// <param name="pdf">The trained pdf.</param>
    /// <returns>The figure.</returns>
    public static Figure Joint(Pdf<float> pdf)
    {
        var (truth, seen) = Detector.Simulate(1, seed: 5);
        return JointFigure.Pairs(pdf, "Energy and direction of one event: 50, 90 and 99 %, and the truth", ["ln E", "cos θ", "φ"], seen, truth);
    }

    /// <summary>The direction of one event, whatever its energy: on the sky, and each coordinate alone.</summary>
    /// <param name="pdf">The trained pdf.</param>
    /// <returns>The figure.</returns>
    public static Figure SkyWithMarginals(Pdf<float> pdf)
    {
        var (truth, seen) = Detector.Simulate(1, seed: 5);
        return JointFigure.Sky(pdf, "The direction of one event, its energy integrated out", seen, truth);
    }

    /// <summary>Coverage curves of the base.</summary>
    /// <param name="title">The title.</param>
    /// <param name="report">The report, of two factors.</param>
    /// <returns>The figure.</returns>
    public static Figure Coverage(string title, BasePointReport report)
    {
        var figure = new Figure(title);
        var panel = figure.Panel(0, 0).XLabel("probability").YLabel("observed − expected").HorizontalLine(0);
        Add(panel, report.Base, "both");
        foreach (var factor in report.Factors)
            Add(panel, factor.Test, factor.Factor.Name);
        return figure;
    }

    // ln p(n | seen, E): the factor's density at the true energy.
    private static double[] Directions(Pdf<float> pdf, float[] condition, float logEnergy, double[] directions)
    {
        var n = directions.Length / 3;
        var x = new float[4 * n];
        for (var i = 0; i < n; i++)
        {
            x[4 * i] = logEnergy;
            for (var k = 0; k < 3; k++)
                x[(4 * i) + 1 + k] = (float)directions[(3 * i) + k];
        }

        var logs = pdf.Evaluate(
            new ReadOnlyTensorSpan<float>(x, [n, 4]), new ReadOnlyTensorSpan<float>(condition, [1, condition.Length]), Coordinates.Embedding).FactorLogDensities;
        var result = new double[n];
        for (var i = 0; i < n; i++)
            result[i] = logs[i, 1];
        return result;
    }

    private static void Add(Panel panel, UniformityTest test, string label)
    {
        var curve = test.Curve();
        panel.Line(curve.Levels, [.. curve.Levels.Select((level, i) => curve.Observed[i] - level)], label);
    }
}
