using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>Distributions of one feature: samples of a model as points, the truth as a line, and their ratio below.</summary>
internal static class MarginalPanels
{
    /// <summary>Draws both classes.</summary>
    /// <param name="panel">Where.</param>
    /// <param name="model">The samples of each class.</param>
    /// <param name="truth">The density of each class; null where it has no closed form.</param>
    /// <param name="generator">Events of the generator, drawn where the truth has no closed form.</param>
    /// <param name="bins">Number of bins.</param>
    public static void Draw(Panel panel, IReadOnlyList<double[]> model, IReadOnlyList<Func<double, double>?> truth, IReadOnlyList<double[]> generator, int bins = 40)
    {
        (var min, var max) = PlaneBox.Range([.. model.SelectMany(values => values)]);
        panel.XRange(min, max).YRange(0, null).YLabel("density");
        var ratio = panel.WithRatio("model / truth", 0.38).YRange(0.7, 1.3);
        for (var label = 0; label < model.Count; label++)
        {
            var histogram = Histogram1D.Of(model[label], bins, min, max);
            var points = new PlotStyle(Looks.ClassColor(label), MarkerSize: 3, Width: 1);
            var line = new PlotStyle(Looks.ClassColor(label), Width: 1.3);
            var name = $"class {Looks.Classes[label]}";
            if (truth[label] is { } density)
            {
                panel.Function(density, min, max, $"truth, {name}", line, points: 160);
                ratio.Ratio(HistogramRatio.Of(histogram, histogram.Expected(density, histogram.TotalWeight)), style: points);
            }
            else
            {
                // Two samples: the ratio has the errors of both.
                var reference = Histogram1D.Of(generator[label], bins, min, max).ToDensity();
                panel.Histogram(reference, $"generator, {name}", HistogramStyle.Step, line);
                ratio.Ratio(HistogramRatio.Of(histogram.ToDensity(), reference), style: points);
            }

            panel.Histogram(histogram.ToDensity(), $"model, {name}", HistogramStyle.Points, points);
        }
    }
}
