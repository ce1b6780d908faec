using Plotting;

namespace FlowCore.Tests.Plotting;

/// <summary>Figures of the kinds a study draws, from a seeded generator: what the layout tests look at.</summary>
internal static class DemoFigures
{
    public static IEnumerable<(string Name, Figure Figure)> All()
    {
        yield return ("marginals", Marginals());
        yield return ("contours", Contours());
        yield return ("response", Response());
        yield return ("field", Field());
        yield return ("crossterm", CrossTerm());
        yield return ("training", Training());
        yield return ("pairs", Pairs());
        yield return ("stack", Stack());
        yield return ("logarithmic", Logarithmic());
    }

    public static Figure Marginals()
    {
        var random = new System.Random(1);
        var figure = new Figure("Marginals of the kinematics, class A", 1, 2).Share(AxisSharing.None, AxisSharing.None);
        for (var d = 0; d < 2; d++)
        {
            double sigma = d == 0 ? 0.9 : 0.6, mean = d == 0 ? -0.5 : 0;
            var data = Histogram1D.Of(Normal(random, 40_000, mean, sigma), 50, -4, 4);
            var model = Histogram1D.Of(Normal(random, 80_000, mean + 0.01, sigma * 1.01), 50, -4, 4);
            double Truth(double x) => Math.Exp(-0.5 * Math.Pow((x - mean) / sigma, 2)) / (sigma * Math.Sqrt(2 * Math.PI));
            var panel = figure.Panel(0, d)
                .Histogram(data.ToDensity(), "generator", HistogramStyle.Points, new PlotStyle(PlotColor.Foreground, MarkerSize: 3, Width: 1))
                .Histogram(model.ToDensity(), "model", HistogramStyle.Step | HistogramStyle.Filled, new PlotStyle(PlotColor.Blue))
                .Function(Truth, -4, 4, "truth", new PlotStyle(PlotColor.Vermillion, Dash: DashStyle.Dashed))
                .XLabel($"$x_{d + 1}$").YLabel($"$p(x_{d + 1} | A)$");
            panel.WithRatio("ratio to truth")
                .Ratio(HistogramRatio.Of(model, model.Expected(Truth, model.TotalWeight)), style: new PlotStyle(PlotColor.Blue, Width: 1.1, MarkerSize: 3))
                .Ratio(HistogramRatio.Of(data.ToDensity(), model.ToDensity()), style: new PlotStyle(PlotColor.Foreground, Width: 1, MarkerSize: 2.5));
        }
        return figure;
    }

    public static Figure Contours()
    {
        var random = new System.Random(2);
        var figure = new Figure(@"Model and truth at ν_{shift} = +1, ν_{squeeze} = 0", 1, 2).Share(AxisSharing.All, AxisSharing.All);
        for (var c = 0; c < 2; c++)
        {
            double mx = c == 0 ? -0.5 : 0.5, sx = c == 0 ? 0.9 : 0.6, sy = c == 0 ? 0.6 : 0.4;
            var histogram = Histogram2D.Of(Normal(random, 60_000, mx, sx), Normal(random, 60_000, 0.1, sy), 80, -4, 4, 80, -3, 3);
            var model = histogram.ToDensity().Smoothed(1.5);
            var truth = Grid2D.FromFunction(120, -4, 4, 120, -3, 3, (x, y) =>
                Math.Exp(-0.5 * (Math.Pow((x - mx) / sx, 2) + Math.Pow((y - 0.1) / sy, 2))) / (2 * Math.PI * sx * sy));
            var levels = truth.LevelsEnclosing(0.1, 0.39, 0.68, 0.86, 0.95);
            figure.Panel(0, c).Title($"class {(c == 0 ? "A" : "B")}")
                .FilledContours(model, levels, "model", new PlotStyle(c == 0 ? PlotColor.Blue : PlotColor.Orange))
                .Contours(truth, levels, "truth", new PlotStyle(PlotColor.Foreground, Width: 1.1))
                .Note("levels enclose 10, 39, 68, 86, 95 %")
                .XLabel("$x_1$").YLabel("$x_2$").EqualAspect().XRange(-4, 4).YRange(-2.6, 3.4);
        }
        return figure;
    }

    public static Figure Response()
    {
        var figure = new Figure("Response of the kinematic residual, class B", 2, 2).Share(AxisSharing.Aligned, AxisSharing.Aligned).SharedLegend();
        var nu = Range(-2, 2, 81);
        for (var row = 0; row < 2; row++)
        {
            for (var column = 0; column < 2; column++)
            {
                var panel = figure.Panel(row, column)
                    .XLabel(column == 0 ? @"\nu_{shift}" : @"\nu_{squeeze}")
                    .YLabel(row == 0 ? "local scale $e^{s_1}$" : @"shift \Delta_1");
                for (var k = 0; k < 4; k++)
                {
                    var point = -1 + 0.7 * k;
                    var y = Array.ConvertAll(nu, v => row == 0 ? Math.Exp(0.1 * v * (column + 0.2) + 0.02 * point * v * v) : 0.3 * v * Math.Tanh(point) * (1 - 0.7 * column));
                    panel.Line(nu, y, $"$x$ = ({TickText(point)}, 0)");
                    if (k == 0)
                        panel.Band(nu, Array.ConvertAll(y, v => v - 0.03), Array.ConvertAll(y, v => v + 0.03), "±1σ of the fit", new PlotStyle(PlotColor.Blue));
                }
                panel.HorizontalLine(row == 0 ? 1 : 0, style: new PlotStyle(PlotColor.Muted, Width: 1, Dash: DashStyle.Dotted));
            }
        }
        return figure;
    }

    public static Figure Field()
    {
        var figure = new Figure(@"Displacement of the score at ν_{shift} = +1, x = (1.5, 0), class A");
        var density = Grid2D.FromFunction(100, -4, 4, 90, -4, 4, (x, y) => Math.Exp(-0.5 * (x * x - 1.2 * x * y + y * y) / 0.64));
        var nominal = Grid2D.FromFunction(100, -4, 4, 90, -4, 4, (x, y) => Math.Exp(-0.5 * (Math.Pow(x - 0.4, 2) + y * y)));
        var x = new List<double>();
        var y = new List<double>();
        var dx = new List<double>();
        var dy = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j < 20; j++)
            {
                double a = -3.8 + 7.6 * i / 19, b = -3.8 + 7.6 * j / 19;
                x.Add(a);
                y.Add(b);
                dx.Add(-0.3 * Math.Tanh(a) + 0.05 * b);
                dy.Add(0.3 * Math.Tanh(b + 0.3 * a));
            }
        }
        figure.PanelSize(420, 400).Panel(0, 0)
            .FilledContours(density, density.LevelsEnclosing(0.39, 0.68, 0.86, 0.95), @"model $p(y | x, \nu)$", new PlotStyle(PlotColor.Blue))
            .Contours(density.Select(v => v * 1.02), density.LevelsEnclosing(0.39, 0.68, 0.86, 0.95), "truth", new PlotStyle(PlotColor.Vermillion, Width: 1.2))
            .Contours(nominal, nominal.LevelsEnclosing(0.39, 0.86), "nominal", new PlotStyle(PlotColor.Muted, Dash: DashStyle.Dashed, Width: 1.2))
            .Arrows([.. x], [.. y], [.. dx], [.. dy], @"|\Delta|")
            .EqualAspect().XLabel("$y_1$").YLabel("$y_2$");
        return figure;
    }

    public static Figure CrossTerm()
    {
        var figure = new Figure(@"Shift of $x_1$ over the plane of the nuisances, class A", 1, 3).Share(AxisSharing.All, AxisSharing.All).PanelSize(210, 210);
        var additive = Grid2D.FromFunction(41, -2, 2, 41, -2, 2, (a, b) => 0.3 * a + 0.05 * b * b - 0.1 * b);
        var cross = Grid2D.FromFunction(41, -2, 2, 41, -2, 2, (a, b) => 0.06 * a * b);
        var full = Grid2D.FromFunction(41, -2, 2, 41, -2, 2, (a, b) => 0.3 * a + 0.05 * b * b - 0.1 * b + 0.06 * a * b);
        var scale = ColorScale.DivergingFor(full, additive, cross);
        figure.Panel(0, 0).Title("full").HeatMap(full, scale);
        figure.Panel(0, 1).Title("additive").HeatMap(additive, scale);
        figure.Panel(0, 2).Title(@"cross term $C \nu_i \nu_j$").HeatMap(cross, scale, @"\Delta x_1").Contours(cross, [-0.1, 0.1], style: new PlotStyle(PlotColor.Foreground, Width: 0.8));
        for (var c = 0; c < 3; c++)
            figure.Panel(0, c).XLabel(@"\nu_{shift}").YLabel(@"\nu_{squeeze}");
        return figure;
    }

    public static Figure Training()
    {
        var random = new System.Random(3);
        var figure = new Figure("Training of the base flow p(x | c)", 2, 1).Share(AxisSharing.All, AxisSharing.None).PanelSize(480, 240).RowHeights(1, 0.4);
        var epochs = Range(1, 100, 100);
        var loss = Array.ConvertAll(epochs, e => 1.8162 + 1.4 * Math.Exp(-e / 9) + 0.004 * random.NextDouble());
        var validation = Array.ConvertAll(epochs, e => 1.8172 + 1.35 * Math.Exp(-e / 9.2) + 0.012 * random.NextDouble());
        figure.Panel(0, 0).Line(epochs, loss, "training").Line(epochs, validation, "validation").HorizontalLine(1.816226, "entropy of the truth, 1.8162 nats").YLabel("loss (nats)");
        figure.Panel(1, 0).Line(epochs, Array.ConvertAll(epochs, e => 1e-4 * (1 + Math.Cos(Math.PI * e / 101)) / 2), style: new PlotStyle(PlotColor.Green)).LogY().YLabel("rate").XLabel("epoch");
        return figure;
    }

    public static Figure Pairs()
    {
        var random = new System.Random(4);
        double[][] Sample(double shift)
        {
            double[] a = Normal(random, 30_000, shift, 1), b = Normal(random, 30_000, 0, 0.6);
            return [a, [.. a.Select((v, i) => Math.Sin(1.5 * v) + b[i])], [.. a.Select((v, i) => 0.3 * v * v - 1.2 + 2 * b[i])]];
        }

        return PairPlot.Create("Model and data", ["$x_1$", "$y_1$", "$y_2$"], [new PairSample("data", Sample(0)), new PairSample("model", Sample(0.05))]);
    }

    public static Figure Stack()
    {
        var random = new System.Random(5);
        var figure = new Figure("Composition of the data set");
        figure.Panel(0, 0)
            .Stack((Histogram1D.Of(Normal(random, 20_000, -0.5, 0.9), 60, -4, 4), "class A"), (Histogram1D.Of(Normal(random, 20_000, 0.5, 0.6), 60, -4, 4), "class B"))
            .XLabel("$x_1$").YLabel("events / bin");
        return figure;
    }

    public static Figure Logarithmic()
    {
        var random = new System.Random(6);
        double[] times = [.. Enumerable.Range(0, 5000).Select(_ => -Math.Log(1 - random.NextDouble()))];
        var figure = new Figure("Decay");
        figure.Panel(0, 0).LogY()
            .Histogram(Histogram1D.Of(times, 40, 0, 10), "events", HistogramStyle.Points | HistogramStyle.ErrorBars)
            .Function(t => 5000 * 0.25 * Math.Exp(-t), 0, 10, @"$N e^{-t/\tau}$")
            .VerticalLine(1, @"$\tau$").Annotate(6, 100, "one in $e$ is left")
            .XLabel(@"$t / \tau$").YLabel("events / 0.25");
        return figure;
    }

    public static double[] Normal(System.Random random, int count, double mean, double sigma)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = mean + sigma * radius * Math.Cos(2 * Math.PI * random.NextDouble());
        }
        return values;
    }

    private static double[] Range(double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => from + (to - from) * i / (count - 1))];

    private static string TickText(double value) => value.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');
}
