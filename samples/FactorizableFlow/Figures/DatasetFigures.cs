using System.Globalization;
using FactorizableFlow.Dataset;
using FactorizableFlow.Generator;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>The figures of a data set; with the generator's settings, the truth is drawn where it has a closed form.</summary>
internal sealed class DatasetFigures
{
    private const int Bins = 50;
    private const int PlaneBins = 80;

    private readonly ToyDataset _data;
    private readonly ClassColumns _columns;
    private readonly ToyTruth? _truth;
    private readonly PlaneBox _xBox;
    private readonly PlaneBox _yBox;

    private DatasetFigures(ToyDataset data, GeneratorSettings? settings)
    {
        _data = data;
        _columns = ClassColumns.Of(data);
        _truth = settings is null ? null : new ToyTruth(settings);
        _xBox = PlaneBox.Around(_columns.Both(0), _columns.Both(1));
        _yBox = PlaneBox.Around(_columns.Both(2), _columns.Both(3));
    }

    /// <summary>Draws all figures.</summary>
    /// <param name="data">The data set; it may hold a single event, equal events, or no event of a class.</param>
    /// <param name="settings">What it was drawn with, nuisances included; null if that is not known.</param>
    public static IReadOnlyList<StudyFigure> Create(ToyDataset data, GeneratorSettings? settings)
    {
        var figures = new DatasetFigures(data, settings);
        var truth = settings is null ? "." : "; lines are the analytic truth.";
        return
        [
            new("ds_x_2d", figures.Plane(0, figures._xBox), "Where the events of the two classes lie in the plane of x: two normal blobs that overlap" + truth),
            new("ds_x_1d", figures.Marginals(0, figures._xBox), "The distributions of x1 and x2, class by class" + truth),
            new("ds_y_2d", figures.Plane(2, figures._yBox), "The plane of y: bent by its dependence on x, so no longer normal" + truth),
            new("ds_y_1d", figures.Marginals(2, figures._yBox), "The distributions of y1 and y2, class by class" + truth),
            new("ds_y_xbinned", figures.BinnedY(), "How y follows x: the distributions of y1 and y2 in bins of x1 move and widen from left to right" + truth),
            new("ds_stacked_x", figures.Stacked(0, figures._xBox), "Events a bin of x1 and x2, the classes stacked on each other: the sum is what an experiment sees."),
            new("ds_stacked_y", figures.Stacked(2, figures._yBox), "Events a bin of y1 and y2, the classes stacked on each other."),
        ];
    }

    /// <summary>The ends of four bins of x1 with equally many events; fewer where the events do not differ.</summary>
    internal static double[] BinsOfX1(double[] x1, int count)
    {
        var inner = SampleStatistics.Quantiles(Array.FindAll(x1, double.IsFinite), [.. Enumerable.Range(1, count - 1).Select(k => (double)k / count)]);
        // Ends of two digits read better than quantiles.
        double[] ends = [double.NegativeInfinity, .. inner.Where(double.IsFinite).Select(end => Math.Round(end, 1)).Distinct(), double.PositiveInfinity];
        return ends;
    }

    /// <summary>A bin of x1 as a label.</summary>
    internal static string BinLabel(double from, double to) =>
        double.IsInfinity(from) && double.IsInfinity(to) ? "all $x_1$"
        : double.IsInfinity(from) ? $"$x_1$ < {Looks.Number(to)}"
        : double.IsInfinity(to) ? $"$x_1$ \\geq  {Looks.Number(from)}"
        : $"{Looks.Number(from)} \\leq  $x_1$ < {Looks.Number(to)}";

    private static string[] Names(int column) => column < 2 ? Looks.XNames : Looks.YNames;

    private string Title(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}: {_data.Count:N0} events");

    private Figure Plane(int column, PlaneBox box)
    {
        var figure = new Figure(Title(column < 2 ? "Data set in $x$" : "Data set in $y$") + ", regions with 39, 86, 99 %", 1, 2).PanelSize(300, 280).Share(AxisSharing.All, AxisSharing.All).SharedLegend();
        for (var label = 0; label < 2; label++)
        {
            var first = _columns[label, column];
            var second = _columns[label, column + 1];
            var panel = figure.Panel(0, label).Title($"class {Looks.Classes[label]}").XLabel(Names(column)[0]).YLabel(Names(column)[1])
                .XRange(box.XMin, box.XMax).YRange(box.YMin, box.YMax);
            if (first.Length == 0)
            {
                panel.Title($"class {Looks.Classes[label]}: no event");
                continue;
            }

            var style = new PlotStyle(Looks.ClassColor(label), Width: 1);
            if (first.Length < 1000)
            {
                // Too few for a smooth density: the events themselves.
                panel.Scatter(first, second, $"class {Looks.Classes[label]}", new PlotStyle(Looks.ClassColor(label), MarkerSize: 3));
            }
            else
            {
                var density = Histogram2D.Of(first, second, PlaneBins, box.XMin, box.XMax, PlaneBins, box.YMin, box.YMax).ToDensity().Smoothed(1.5);
                panel.FilledContours(density, density.LevelsEnclosing(Looks.Fractions), $"class {Looks.Classes[label]}", style);
            }

            if (_truth is not null)
            {
                var truth = column < 2
                    ? DensityGrids.Truth(Training.Sector.Kinematic, _truth, label, default, box)
                    : DensityGrids.Function(TruthMixture.Of(_truth, label).Density, box);
                panel.Contours(truth, truth.LevelsEnclosing(Looks.Fractions), label == 1 ? "truth" : null, Looks.ModelLine);
            }
        }

        return figure;
    }

    private Figure Marginals(int column, PlaneBox box)
    {
        var figure = new Figure(Title(column < 2 ? "Distributions of $x$" : "Distributions of $y$"), 1, 2);
        for (var feature = 0; feature < 2; feature++)
        {
            (var min, var max) = feature == 0 ? (box.XMin, box.XMax) : (box.YMin, box.YMax);
            var panel = figure.Panel(0, feature).XLabel(Names(column)[feature]).YLabel("density").XRange(min, max).YRange(0, null);
            for (var label = 0; label < 2; label++)
                DrawDensity(panel, _columns[label, column + feature], label, min, max, Truth(label, column + feature, double.NegativeInfinity, double.PositiveInfinity));
        }

        return figure;
    }

    private Figure BinnedY()
    {
        var ends = BinsOfX1(_columns.Both(0), 4);
        var bins = ends.Length - 1;
        var figure = new Figure(Title("$y$ in bins of $x_1$"), 2, bins).PanelSize(bins == 1 ? 300 : 210, 190).SharedLegend();
        for (var bin = 0; bin < bins; bin++)
        {
            for (var feature = 0; feature < 2; feature++)
            {
                (var min, var max) = feature == 0 ? (_yBox.XMin, _yBox.XMax) : (_yBox.YMin, _yBox.YMax);
                var panel = figure.Panel(feature, bin).XLabel(Looks.YNames[feature]).YLabel("density").XRange(min, max).YRange(0, null);
                panel.Title(BinLabel(ends[bin], ends[bin + 1]));
                for (var label = 0; label < 2; label++)
                {
                    DrawDensity(
                        panel, _columns.InBin(label, 2 + feature, ends[bin], ends[bin + 1]), label, min, max, Truth(label, 2 + feature, ends[bin], ends[bin + 1]));
                }
            }
        }

        return figure;
    }

    private Figure Stacked(int column, PlaneBox box)
    {
        var figure = new Figure(Title(column < 2 ? "Classes stacked in $x$" : "Classes stacked in $y$"), 1, 2);
        for (var feature = 0; feature < 2; feature++)
        {
            (var min, var max) = feature == 0 ? (box.XMin, box.XMax) : (box.YMin, box.YMax);
            Histogram1D[] histograms = [.. Enumerable.Range(0, 2).Select(label => Histogram1D.Of(_columns[label, column + feature], Bins, min, max))];
            figure.Panel(0, feature).XLabel(Names(column)[feature]).YLabel("events a bin").XRange(min, max).YRange(0, null)
                .Stack((histograms[0], "class A"), (histograms[1], "class B"));
        }

        return figure;
    }

    private Func<double, double>? Truth(int label, int column, double from, double to)
    {
        if (_truth is null)
            return null;

        if (column < 2)
        {
            var x = TriangularGaussian.OfX(_truth, label);
            return value => NormalDensity(value, column == 0 ? x.Mean.First : x.Mean.Second, column == 0 ? x.Sigma.First : x.Sigma.Second);
        }

        var mixture = TruthMixture.Of(_truth, label, from, to);
        return mixture.IsNormal ? value => mixture.Marginal(column - 2, value) : null;
    }

    private static void DrawDensity(Panel panel, double[] values, int label, double min, double max, Func<double, double>? truth)
    {
        var name = $"class {Looks.Classes[label]}";
        if (values.Length > 0)
        {
            panel.Histogram(
                Histogram1D.Of(values, Bins, min, max).ToDensity(), name, HistogramStyle.Step | HistogramStyle.Filled, new PlotStyle(Looks.ClassColor(label), Width: 1));
        }
        else
        {
            panel.Note($"no event of {name}");
        }

        if (truth is not null)
            panel.Function(truth, min, max, label == 1 ? "truth" : null, new PlotStyle(PlotColor.Foreground, Width: 1.2), points: 160);
    }

    private static double NormalDensity(double value, double mean, double sigma)
    {
        var t = (value - mean) / sigma;
        return Math.Exp(-0.5 * t * t) / (sigma * Math.Sqrt(2 * Math.PI));
    }
}
