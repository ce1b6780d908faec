using Plotting;

namespace FlowCore.Tests.Documents;

/// <summary>The program of samples/Plotting/README.md, so that it compiles.</summary>
internal static class PlottingProgram
{
    /// <summary>Draws the figure.</summary>
    public static void Run(double[] values, string path)
    {
        var truth = (double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        var events = Histogram1D.Of(values, bins: 50, min: -4, max: 4);

        var figure = new Figure("Marginal of $x_1$");
        var panel = figure.Panel(0, 0).XLabel("$x_1$").YLabel("$p(x_1)$")
            .Histogram(events.ToDensity(), "model", HistogramStyle.Step | HistogramStyle.Filled)
            .Function(truth, -4, 4, "truth");
        panel.WithRatio("model / truth").Ratio(HistogramRatio.Of(events, events.Expected(truth, events.TotalWeight)));
        figure.SaveSvg(path);
    }
}
