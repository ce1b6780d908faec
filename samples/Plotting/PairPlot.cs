using System.Globalization;

namespace Plotting;

/// <summary>
/// Samples compared in every variable and every pair of variables: marginal densities on the diagonal, contours of highest-density regions
/// of the smoothed two-dimensional histograms below it. Thread-safe.
/// </summary>
public static class PairPlot
{
    // Every axis leaves out up to 0.4 %.
    private const double LeastOutside = 0.005;
    private const int MostPoints = 1500;

    private static readonly PlotStyle[] _styles =
    [
        new(PlotColor.Foreground, Width: 1.2),
        new(PlotColor.Blue),
        new(PlotColor.Vermillion, Dash: DashStyle.Dashed),
        new(PlotColor.Green, Dash: DashStyle.DashDot),
    ];

    /// <summary>Draws the comparison.</summary>
    /// <remarks>
    /// The range of a variable covers the central 99.6 % of every sample, less where its tails are heavy: what lies outside is then noted in its panel.
    /// No density is drawn beyond the outermost values; whole numbers have a bin each, and what fills a turn is shown over the turn. Contours
    /// enclose the given fractions of each sample's events within the ranges; say which in the caption.
    /// </remarks>
    /// <param name="title">The figure's title, as <see cref="MathText"/> markup.</param>
    /// <param name="names">The names of the variables, as markup; 1 to 20.</param>
    /// <param name="samples">One to four samples; the first is drawn in the colour of the text.</param>
    /// <param name="fractions">Fractions in (0, 1) the contours enclose; empty for 39 % and 86 %, one and two standard deviations of a Gaussian.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">Numbers of variables or events do not match, or a fraction is out of range.</exception>
    public static Figure Create(string title, IReadOnlyList<string> names, IReadOnlyList<PairSample> samples, params ReadOnlySpan<double> fractions) =>
        Create(title, names, samples, isFull: false, fractions);

    /// <summary>Draws the comparison with the events themselves as small points above the diagonal. No sample has the colour of the text, in which points would cover all others.</summary>
    /// <param name="title">As in <see cref="Create(string, IReadOnlyList{string}, IReadOnlyList{PairSample}, ReadOnlySpan{double})"/>.</param>
    /// <param name="names">As there.</param>
    /// <param name="samples">One to three samples.</param>
    /// <param name="fractions">As there.</param>
    /// <returns>The figure.</returns>
    /// <exception cref="ArgumentException">As there.</exception>
    public static Figure CreateWithPoints(string title, IReadOnlyList<string> names, IReadOnlyList<PairSample> samples, params ReadOnlySpan<double> fractions) =>
        Create(title, names, samples, isFull: true, fractions);

    private static Figure Create(string title, IReadOnlyList<string> names, IReadOnlyList<PairSample> samples, bool isFull, ReadOnlySpan<double> fractions)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(samples);
        if (names.Count is < 1 or > 20)
            throw new ArgumentException($"A pair plot has 1 to 20 variables, but there are {names.Count}.", nameof(names));
        var styles = isFull ? _styles.AsSpan(1) : _styles;
        if (samples.Count < 1 || samples.Count > styles.Length)
            throw new ArgumentException($"A pair plot compares 1 to {styles.Length} samples, but there are {samples.Count}.", nameof(samples));
        foreach (var sample in samples)
        {
            if (sample.Variables.Count != names.Count || sample.Variables.Any(v => v.Length != sample.Variables[0].Length))
                throw new ArgumentException($"The sample \"{sample.Label}\" must have {names.Count} variables of one length.", nameof(samples));
        }
        var enclosed = fractions.IsEmpty ? [0.39, 0.86] : fractions.ToArray();

        var count = names.Count;
        var axes = new PairAxis[count];
        for (var k = 0; k < count; k++)
            axes[k] = PairAxis.Of([.. samples.Select(sample => sample.Variables[k])]);

        double size = count <= 3 ? 180 : count <= 6 ? 130 : 90;
        var figure = new Figure(title, count, count).PanelSize(size, 0.9 * size).Share(AxisSharing.Aligned, AxisSharing.Aligned).SharedLegend();
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < (isFull ? count : row + 1); column++)
            {
                var (x, y) = (axes[column], axes[row]);
                var panel = figure.Panel(row, column).XLabel(names[column]).XRange(x.Min, x.Max);
                if (row == column)
                {
                    panel.OwnAxes(x: false, y: true);
                    var outside = samples.Max(sample => x.Outside(sample.Variables[row], sample.Weights));
                    if (outside > LeastOutside)
                        panel.Note(string.Create(CultureInfo.InvariantCulture, $"{100 * outside:0.0} % outside"));
                }
                else
                {
                    panel.YLabel(names[row]).YRange(y.Min, y.Max);
                }

                for (var s = 0; s < samples.Count; s++)
                {
                    var sample = samples[s];
                    if (row == column)
                    {
                        var histogram = Histogram1D.Of(sample.Variables[row], x.Bins, x.From, x.To, sample.Weights);
                        panel.Histogram(histogram.ToDensity(), sample.Label, HistogramStyle.Step, styles[s]);
                        continue;
                    }
                    if (column > row)
                    {
                        panel.Scatter(sample.Variables[column], sample.Variables[row], null, styles[s] with { MarkerSize = 1.6 }, MostPoints);
                        continue;
                    }
                    var counts = Histogram2D.Of(sample.Variables[column], sample.Variables[row], x.Cells, x.From, x.To, y.Cells, y.From, y.To, sample.Weights);
                    var density = GaussianSmoothing.Smooth(counts.ToDensity(), x.Smoothing, y.Smoothing);
                    panel.Contours(density, density.LevelsEnclosing(enclosed), sample.Label, styles[s]);
                }
            }
        }
        return figure;
    }
}
