using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>A model's density beside the truth in the plane of the features: contours of both, and the logarithm of their ratio.</summary>
internal static class DensityPlanes
{
    /// <summary>Points x at which the score is looked at.</summary>
    private static readonly Point2[] _contexts = [new(-1, 0), new(1, 0)];

    /// <summary>Draws a row for each context.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="at">The model.</param>
    /// <param name="nominal">The truth at ν = 0, drawn where it differs; or null.</param>
    public static Figure Create(string title, ModelAtPoint at, ModelAtPoint? nominal)
    {
        var sector = at.Sector;
        var contexts = sector.IsKinematic ? [default] : _contexts;
        var names = Looks.Names(sector);
        List<(int Row, int Label, PlaneBox Box, Grid2D Truth, Grid2D Model)> planes = [];
        for (var row = 0; row < contexts.Length; row++)
        {
            for (var label = 0; label < 2; label++)
            {
                var box = at.Box(label, contexts[row]);
                box = nominal is null ? box : box.Union(nominal.Box(label, contexts[row]));
                planes.Add((
                    row,
                    label,
                    box,
                    DensityGrids.Truth(sector, at.Truth, label, contexts[row], box),
                    DensityGrids.Model(at.Model, DensityGrids.Context(sector, label, contexts[row]), at.Nuisances, box)));
            }
        }

        Grid2D[] ratios = [.. planes.Select(plane => DensityGrids.LogRatio(plane.Model, plane.Truth))];
        var scale = Scale(ratios);
        var figure = new Figure(title, contexts.Length, 4).PanelSize(235, 215).SharedLegend();
        for (var i = 0; i < planes.Count; i++)
        {
            (var row, var label, var box, var truth, var model) = planes[i];
            var levels = truth.LevelsEnclosing(Looks.Fractions);
            var where = sector.IsKinematic ? "" : $", $x$ = {Looks.Point([contexts[row].First, contexts[row].Second])}";
            var contours = figure.Panel(row, 2 * label).Title($"class {Looks.Classes[label]}{where}")
                .XLabel(names[0]).YLabel(names[1]).XRange(box.XMin, box.XMax).YRange(box.YMin, box.YMax)
                .FilledContours(truth, levels, $"truth, class {Looks.Classes[label]}: 39, 86, 99 %", new PlotStyle(Looks.ClassColor(label)))
                .Contours(model, levels, label == 1 ? "model, same levels" : null, Looks.ModelLine);
            if (nominal is not null)
            {
                var before = DensityGrids.Truth(sector, nominal.Truth, label, contexts[row], box);
                contours.Contours(before, before.LevelsEnclosing(Looks.Fractions), label == 1 ? "nominal truth" : null, Looks.NominalLine);
            }

            figure.Panel(row, (2 * label) + 1).Title($"class {Looks.Classes[label]}: ln(model / truth)")
                .XLabel(names[0]).YLabel(names[1]).XRange(box.XMin, box.XMax).YRange(box.YMin, box.YMax)
                .HeatMap(Coarse(ratios[i]), scale, "");
        }

        return figure;
    }

    /// <summary>Contours of samples, class by class and bin by bin in x1, truth and model smoothed alike.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="at">The model of the score.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="ends">Ends of the bins of x1.</param>
    public static Figure OfSamples(string title, ModelAtPoint at, ClassColumns samples, double[] ends)
    {
        const int cells = 70;
        var bins = ends.Length - 1;
        var box = PlaneBox.Around(samples.Both(2), samples.Both(3)).Widened(0.07);
        var figure = new Figure(title, bins == 1 ? 1 : 2, bins == 1 ? 2 : bins).PanelSize(bins == 1 ? 300 : 210, bins == 1 ? 280 : 200)
            .Share(AxisSharing.All, AxisSharing.All).SharedLegend();
        for (var bin = 0; bin < bins; bin++)
        {
            for (var label = 0; label < 2; label++)
            {
                var first = samples.InBin(label, 2, ends[bin], ends[bin + 1]);
                var second = samples.InBin(label, 3, ends[bin], ends[bin + 1]);
                // The fewer events, the wider the kernel, as is optimal in two dimensions: events^(-1/6).
                var smoothing = Math.Clamp(2 * Math.Pow(50_000.0 / Math.Max(1, first.Length), 1.0 / 6), 1.5, 6);
                var mixture = TruthMixture.Of(at.Truth, label, ends[bin], ends[bin + 1]);
                var truth = DensityGrids.Function(mixture.Density, box, cells).Smoothed(smoothing);
                var model = Histogram2D.Of(first, second, cells, box.XMin, box.XMax, cells, box.YMin, box.YMax).ToDensity().Smoothed(smoothing);
                var levels = truth.LevelsEnclosing(Looks.Fractions);
                figure.Panel(bins == 1 ? 0 : label, bins == 1 ? label : bin)
                    .Title(bins == 1 ? $"class {Looks.Classes[label]}" : $"{Looks.Classes[label]}, {DatasetFigures.BinLabel(ends[bin], ends[bin + 1])}")
                    .XLabel(Looks.YNames[0]).YLabel(Looks.YNames[1]).XRange(box.XMin, box.XMax).YRange(box.YMin, box.YMax)
                    .FilledContours(truth, levels, $"truth, class {Looks.Classes[label]}: 39, 86, 99 %", new PlotStyle(Looks.ClassColor(label)))
                    .Contours(model, levels, label == 1 ? "samples of the model, same levels" : null, Looks.ModelLine);
            }
        }

        return figure;
    }

    // Every cell of a heat map is written out: a third of the contours' resolution is enough for the eye.
    private static Grid2D Coarse(Grid2D grid)
    {
        const int factor = 3;
        var columns = grid.Columns / factor;
        var rows = grid.Rows / factor;
        var values = new double[columns * rows];
        for (var j = 0; j < rows; j++)
        {
            for (var i = 0; i < columns; i++)
                values[(j * columns) + i] = grid[(factor * i) + 1, (factor * j) + 1];
        }

        return new Grid2D(columns, grid.XMin, grid.XMax, rows, grid.YMin, grid.YMax, values);
    }

    // A limit that a few cells in the tails do not set.
    private static ColorScale Scale(IEnumerable<Grid2D> ratios)
    {
        double[] sizes = [.. ratios.SelectMany(grid => grid.Values.ToArray()).Where(double.IsFinite).Select(Math.Abs)];
        var typical = sizes.Length == 0 ? 0 : SampleStatistics.Quantiles(sizes, 0.98)[0];
        foreach (var limit in (ReadOnlySpan<double>)[0.02, 0.05, 0.1, 0.2, 0.5])
        {
            if (typical <= limit)
                return ColorScale.Diverging(limit);
        }

        return ColorScale.Diverging(1);
    }
}
