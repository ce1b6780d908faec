using System.Globalization;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Factorizable;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>What a residual does: its response to each nuisance, its displacements, and its terms in two nuisances.</summary>
internal sealed class ResidualFigures
{
    private const double Reach = 2;
    private const int ResponsePoints = 81;
    private const int CrossCells = 21;
    private const int ArrowsAcross = 11;

    private readonly StudyModel _study;
    private readonly Sector _sector;
    private readonly FactorizableFlow<float> _model;
    private readonly GeneratorPoints _generator;
    private readonly ResidualFigureOptions _options;

    private ResidualFigures(StudyModel model, ResidualFigureOptions options)
    {
        _study = model;
        _sector = model.Sector;
        _model = (FactorizableFlow<float>)model.Model;
        _generator = model.Generator;
        _options = options;
    }

    private string Direction => _options.IsForward ? "observed \\to  nominal" : "nominal \\to  observed";

    /// <summary>Draws all figures of a residual.</summary>
    /// <param name="model">The model; its features are two.</param>
    /// <param name="options">What to draw.</param>
    public static IReadOnlyList<StudyFigure> Create(StudyModel model, ResidualFigureOptions options)
    {
        var figures = new ResidualFigures(model, options);
        List<StudyFigure> all = [];
        IReadOnlyList<(string Suffix, Point2 X)> contexts = model.Sector.IsKinematic ? [("", default)]
            : options.ScoreX.Count == 1 ? [("", options.ScoreX[0])]
            : [.. options.ScoreX.Select((x, index) => (string.Create(CultureInfo.InvariantCulture, $"_x{index}"), x))];
        foreach ((var suffix, var x) in contexts)
        {
            all.Add(figures.Response(suffix, x));
            all.Add(figures.Field(suffix, x, options.Value));
            all.Add(figures.Field(suffix, x, -options.Value));
            if (!options.HasCrossTerms || figures._model.Nuisances < 2)
                continue;
            foreach (var feature in options.ResponseFeatures)
            {
                all.Add(figures.CrossTerm(suffix, x, feature, 0));
                all.Add(figures.CrossTerm(suffix, x, feature, 1));
            }
        }

        return all;
    }

    private static float[] At(int nuisances, int index, double value)
    {
        var nu = new float[nuisances];
        nu[index] = (float)value;
        return nu;
    }

    private string At(Point2 x) => _sector.IsKinematic ? "" : $" at $x$ = {Looks.Point([x.First, x.Second])}";

    private TriangularGaussian? TruthAt(IReadOnlyList<double> nu, int label, Point2 x) =>
        TriangularGaussian.Of(_sector, new ToyTruth(_generator.At(nu)), label, x);

    private TriangularMap? TrueMap(float[] nu, int label, Point2 x, bool isForward)
    {
        var nominal = TruthAt(new double[nu.Length], label, x);
        var moved = TruthAt([.. nu.Select(value => (double)value)], label, x);
        return nominal is null || moved is null ? null
            : isForward ? TriangularMap.Between(moved.Value, nominal.Value)
            : TriangularMap.Between(nominal.Value, moved.Value);
    }

    private PlaneBox Box(IReadOnlyList<double> nu, int label, Point2 x) => new ModelAtPoint(_study, nu).Box(label, x);

    private StudyFigure Response(string suffix, Point2 x)
    {
        var nuisances = _model.Nuisances;
        var features = _options.ResponseFeatures;
        var names = Looks.Names(_sector);
        var figure = new Figure($"Response of the {_sector.Name} residual{At(x)}, {Direction}", 2 * features.Count, nuisances)
            .PanelSize(290, 150).Share(AxisSharing.Aligned, AxisSharing.Aligned).SharedLegend();
        double[] values = [.. Enumerable.Range(0, ResponsePoints).Select(i => Reach * ((2.0 * i / (ResponsePoints - 1)) - 1))];
        var hasTruth = true;
        for (var k = 0; k < nuisances; k++)
        {
            float[][] nu = [.. values.Select(value => At(nuisances, k, value))];
            for (var label = 0; label < 2; label++)
            {
                var probe = new ResidualProbe(_model, _sector, label, x);
                var box = Box(new double[nuisances], label, x);
                var center = new Point2(0.5 * (box.XMin + box.XMax), 0.5 * (box.YMin + box.YMax));
                // The box is 3.7 standard deviations to each side.
                var sigma1 = (box.XMax - box.XMin) / 7.4;
                var sigma2 = (box.YMax - box.YMin) / 7.4;
                (string? Label, Point2 At, DashStyle Dash)[] points =
                [
                    ($"class {Looks.Classes[label]}, centre", center, DashStyle.Solid),
                    ($"{Looks.Classes[label]}, one \\sigma  below", new Point2(center.First - sigma1, center.Second - sigma2), DashStyle.Dashed),
                    ($"{Looks.Classes[label]}, one \\sigma  above", new Point2(center.First + sigma1, center.Second + sigma2), DashStyle.DashDot),
                ];
                foreach ((var name, var point, var dash) in points)
                {
                    (var logScale, var shift) = probe.Response(point, nu, _options.IsForward);
                    var style = new PlotStyle(Looks.ClassColor(label), Dash: dash);
                    for (var f = 0; f < features.Count; f++)
                    {
                        figure.Panel(2 * f, k).Line(values, logScale[features[f]], name, style);
                        figure.Panel((2 * f) + 1, k).Line(values, shift[features[f]], name, style);
                    }
                }

                TriangularMap?[] maps = [.. nu.Select(row => TrueMap(row, label, x, _options.IsForward))];
                hasTruth &= maps[0] is not null;
                if (!hasTruth)
                    continue;

                var truthName = label == 1 ? "truth" : null;
                for (var f = 0; f < features.Count; f++)
                {
                    var feature = features[f];
                    var style = new PlotStyle(PlotColor.Foreground, Width: 1.4, Dash: DashStyle.Dotted);
                    figure.Panel(2 * f, k).Line(values, [.. maps.Select(map => map!.Value.LogScale(feature))], truthName, style);
                    figure.Panel((2 * f) + 1, k).Line(values, [.. maps.Select(map => map!.Value.Shift(feature, center))], truthName, style);
                }
            }

            for (var f = 0; f < features.Count; f++)
            {
                var symbol = names[features[f]].Trim('$');
                figure.Panel(2 * f, k).YLabel($"log-scale of ${symbol}$");
                figure.Panel((2 * f) + 1, k).YLabel($"shift of ${symbol}$").XLabel($"${Looks.Nuisance(_generator, k)}$");
                figure.Panel(2 * f, k).XLabel($"${Looks.Nuisance(_generator, k)}$");
            }
        }

        var map = _options.IsForward ? "nominal = exp(log-scale) · observed + shift" : "observed = exp(log-scale) · nominal + shift";
        return new StudyFigure(
            $"residual_{_sector.Name}{suffix}_response",
            figure,
            $"How each feature is scaled and shifted as one nuisance moves ({map}), read off the residual's coefficients: "
            + (hasTruth ? "lines should lie on the dotted truth between -1 and 1, where the templates are, and may leave it beyond." : "smooth curves through 0 at 0; there is no closed form to compare with."));
    }

    private StudyFigure Field(string suffix, Point2 x, double value)
    {
        var nuisances = _model.Nuisances;
        var names = Looks.Names(_sector);
        var sign = value > 0 ? "p" : "m";
        double[][] points = [.. Enumerable.Range(0, nuisances).Select(k => At(nuisances, k, value).Select(number => (double)number).ToArray())];
        var box = Box(new double[nuisances], 0, x);
        for (var label = 0; label < 2; label++)
            box = points.Select(nu => Box(nu, label, x)).Append(Box(new double[nuisances], label, x)).Aggregate(box, (all, one) => all.Union(one));

        List<(Panel Panel, List<Point2> From, Point2[] To, TriangularMap? True)> fields = [];
        var figure = new Figure($"Displacement by the {_sector.Name} residual{At(x)}, {Direction}", 2, nuisances)
            .PanelSize(330, 265).Share(AxisSharing.All, AxisSharing.All).SharedLegend();
        for (var label = 0; label < 2; label++)
        {
            for (var k = 0; k < nuisances; k++)
            {
                var nu = At(nuisances, k, value);
                var context = DensityGrids.Context(_sector, label, x);
                var truth = DensityGrids.Truth(_sector, new ToyTruth(_generator.At(points[k])), label, x, box, _options.Cells);
                var nominal = DensityGrids.Truth(_sector, new ToyTruth(_generator.Nominal), label, x, box, _options.Cells);
                var model = DensityGrids.Model(_model, context, nu, box, _options.Cells);
                var levels = truth.LevelsEnclosing(Looks.Fractions);
                var panel = figure.Panel(label, k)
                    .Title($"class {Looks.Classes[label]}, ${Looks.Nuisance(_generator, k)}$ = {Looks.Number(value)}")
                    .XLabel(names[0]).YLabel(names[1]).XRange(box.XMin, box.XMax).YRange(box.YMin, box.YMax)
                    .FilledContours(truth, levels, $"truth, class {Looks.Classes[label]}", new PlotStyle(Looks.ClassColor(label), Opacity: 0.16))
                    .Contours(model, levels, $"model, class {Looks.Classes[label]}", new PlotStyle(Looks.ClassColor(label), Width: 1.3))
                    .Contours(nominal, nominal.LevelsEnclosing(Looks.Fractions), "nominal truth", Looks.NominalLine);
                var from = Tails(_options.IsForward ? truth : nominal);
                fields.Add((panel, from, new ResidualProbe(_model, _sector, label, x).Map(from, nu, _options.IsForward), TrueMap(nu, label, x, _options.IsForward)));
            }
        }

        var magnification = Magnification(fields.SelectMany(field => field.From.Zip(field.To)), (box.XMax - box.XMin) / ArrowsAcross);
        var hasTruth = true;
        foreach ((var panel, var from, var to, var trueMap) in fields)
        {
            if (trueMap is { } map)
                Arrows(panel, from, [.. from.Select(map.Apply)], magnification, "true displacement", new PlotStyle(PlotColor.Green, Width: 3.5));

            Arrows(panel, from, to, magnification, "displacement by the model", new PlotStyle(PlotColor.Foreground, Width: 1.1));
            hasTruth &= trueMap is not null;
        }

        return new StudyFigure(
            string.Create(CultureInfo.InvariantCulture, $"residual_{_sector.Name}{suffix}_field_nu{sign}{Math.Abs(value):g6}"),
            figure,
            $"Where the residual moves events when one nuisance is {Looks.Number(value)} (arrows {(magnification == 1 ? "from where they are to where they go" : $"{Looks.Number(magnification)} times as long as the way")}): "
            + "model contours should lie on the edges of the filled truth (regions with 39, 86, 99 %)"
            + (hasTruth ? ", black arrows on green ones." : "."));
    }

    private static List<Point2> Tails(Grid2D density)
    {
        var floor = density.LevelsEnclosing(0.97)[0];
        List<Point2> tails = [];
        var step = Math.Max(1, density.Columns / ArrowsAcross);
        for (var j = step / 2; j < density.Rows; j += step)
        {
            for (var i = step / 2; i < density.Columns; i += step)
            {
                if (density[i, j] >= floor && density[i, j] > 0)
                    tails.Add(new Point2(density.X(i), density.Y(j)));
            }
        }

        return tails;
    }

    // True length, unless that is too short to see: then a round number of times as long, for all panels alike.
    private static double Magnification(IEnumerable<(Point2 From, Point2 To)> ways, double spacing)
    {
        var longest = ways.Select(way => double.Hypot(way.To.First - way.From.First, way.To.Second - way.From.Second)).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double magnification = 1;
        foreach (var candidate in (ReadOnlySpan<double>)[2, 5, 10, 20, 50, 100, 200, 500, 1000])
        {
            if (longest > 0 && candidate * longest <= 0.6 * spacing)
                magnification = candidate;
        }

        return magnification;
    }

    private static void Arrows(Panel panel, List<Point2> from, Point2[] to, double magnification, string label, PlotStyle style)
    {
        double[] x = [.. from.Select(point => point.First)];
        double[] y = [.. from.Select(point => point.Second)];
        panel.Arrows(x, y, [.. to.Zip(x, (end, start) => end.First - start)], [.. to.Zip(y, (end, start) => end.Second - start)], null, magnification, style);
        // An arrow's own entry in the legend would be a scale; here only its colour is to be named.
        panel.Line([], [], label, style);
    }

    private StudyFigure CrossTerm(string suffix, Point2 context, int feature, int label)
    {
        var point = _sector.IsKinematic ? _options.CrossTermX : _options.CrossTermY;
        var axis = new PlaneBox(-Reach, Reach, -Reach, Reach);
        List<float[]> nu = new(CrossCells * CrossCells);
        var places = Grid2D.FromFunction(CrossCells, axis.XMin, axis.XMax, CrossCells, axis.YMin, axis.YMax, (_, _) => 0);
        for (var j = 0; j < CrossCells; j++)
        {
            for (var i = 0; i < CrossCells; i++)
            {
                var row = new float[_model.Nuisances];
                (row[0], row[1]) = ((float)places.X(i), (float)places.Y(j));
                nu.Add(row);
            }
        }

        var (logScale, shift) = new ResidualProbe(_model, _sector, label, context).Parts(point, nu);
        var symbol = Looks.Names(_sector)[feature];
        var where = _sector.IsKinematic ? $"$x$ = {Looks.Point([point.First, point.Second])}"
            : $"$y$ = {Looks.Point([point.First, point.Second])}, $x$ = {Looks.Point([context.First, context.Second])}";
        var hasTruth = TrueMap(nu[0], label, context, isForward: true) is not null;
        var columns = hasTruth ? 4 : 3;
        var figure = new Figure($"Nuisances together: {symbol} of class {Looks.Classes[label]} at {where}", 2, columns)
            .PanelSize(165, 165).Share(AxisSharing.All, AxisSharing.All);
        for (var row = 0; row < 2; row++)
        {
            var (whole, additive, cross) = row == 0 ? logScale : shift;
            List<(string Title, Grid2D Grid)> maps =
            [
                ("full", Of(whole[feature])), ("additive", Of(additive[feature])), ("cross", Of(cross[feature])),
            ];
            if (hasTruth)
                maps.Add(("true cross", Of([.. nu.Select(at => TrueCross(at, feature, label, context, point, row == 0))])));

            // The parts are told apart by their own scales: the cross term is the smaller one.
            var large = ColorScale.DivergingFor(maps[0].Grid, maps[1].Grid);
            var small = hasTruth ? ColorScale.DivergingFor(maps[2].Grid, maps[3].Grid) : ColorScale.DivergingFor(maps[2].Grid);
            for (var column = 0; column < columns; column++)
            {
                var last = column == 1 || column == columns - 1;
                figure.Panel(row, column)
                    .Title($"{(row == 0 ? "log-scale" : "shift")}, {maps[column].Title}")
                    .XLabel($"${Looks.Nuisance(_generator, 0)}$").YLabel($"${Looks.Nuisance(_generator, 1)}$")
                    .HeatMap(maps[column].Grid, column < 2 ? large : small, last ? "" : null);
            }
        }

        var hasTerm = _model.Residual.Settings.CrossTerms.Count > 0;
        return new StudyFigure(
            $"residual_{_sector.Name}{suffix}_crossterm_{Looks.PlainName(_sector, feature)}_class{Looks.Classes[label]}",
            figure,
            (hasTerm ? "The residual's response over the plane of two nuisances, split into what each does alone and what only both together do"
                : "This residual has no term in two nuisances, so its response over their plane is additive and the cross panels are empty")
            + (hasTruth ? "; the last column is the truth that the third should show." : "."));

        Grid2D Of(double[] values) => new(CrossCells, axis.XMin, axis.XMax, CrossCells, axis.YMin, axis.YMax, values);
    }

    // What the truth has beyond the sum of its responses to either nuisance alone.
    private double TrueCross(float[] nu, int feature, int label, Point2 context, Point2 point, bool isScale)
    {
        double Value(float[] at)
        {
            var map = TrueMap(at, label, context, isForward: true)!.Value;
            return isScale ? map.LogScale(feature) : map.Shift(feature, point);
        }

        return Value(nu) - Value(At(nu.Length, 0, nu[0])) - Value(At(nu.Length, 1, nu[1]));
    }
}
