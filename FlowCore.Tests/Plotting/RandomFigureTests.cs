using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class RandomFigureTests
{
    private static readonly string[] _labels =
        ["", "x", "$x_1$", @"p(x_1 | \nu_{shift})", "events per bin of the standardized residual", "$e^{-x^2/2}$", @"\Delta_{y_2}^{(1)} (nats)"];

    [Test]
    public void Whatever_is_combined_nothing_overlaps([Range(1, 100)] int seed)
    {
        var random = new System.Random(seed);
        int rows = random.Next(1, 4), columns = random.Next(1, 4);
        var sharing = Enum.GetValues<AxisSharing>();
        var figure = new Figure(Label(), rows, columns).Share(sharing[random.Next(3)], sharing[random.Next(3)]).PanelSize(random.Next(60, 400), random.Next(60, 300));
        if (random.Next(3) == 0)
            figure.SharedLegend();
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                if (random.Next(5) > 0)
                    Fill(figure.Panel(r, c));
            }
        }
        FigureAssert.IsSound(figure, $"seed {seed}");

        string Label() => _labels[random.Next(_labels.Length)];
        string? Name() => random.Next(3) == 0 ? null : Label();

        void Fill(Panel panel)
        {
            panel.Title(Label()).XLabel(Label()).YLabel(Label());
            double scaleX = Math.Pow(10, random.Next(-9, 10)), scaleY = Math.Pow(10, random.Next(-9, 10)), offset = random.Next(3) == 0 ? 1000 : 0;
            var n = random.Next(0, 60);
            double[] x = [.. DemoFigures.Normal(random, n, offset, 1).Select(v => v * scaleX)];
            double[] y = [.. DemoFigures.Normal(random, n, -offset, 1).Select(v => v * scaleY)];
            double[] e = [.. y.Select(v => 0.2 * scaleY * random.NextDouble())];
            for (var k = random.Next(0, 4); k > 0; k--)
            {
                switch (random.Next(9))
                {
                    case 0: panel.Line(x, y, Name()); break;
                    case 1: panel.Points(x, y, Name(), new PlotStyle(Marker: (MarkerShape)random.Next(4)), e); break;
                    case 2: panel.Histogram(Histogram1D.Of(x, 20), Name(), (HistogramStyle)random.Next(1, 32)); break;
                    case 3: panel.Band(x, y, [.. y.Select((v, i) => v + e[i])], Name()); break;
                    case 4: panel.Arrows(x, y, y, x, Name(), random.Next(2) == 0 ? 1 : null); break;
                    case 5: panel.HorizontalLine(scaleY, Name()); break;
                    case 6:
                        var grid = Histogram2D.Of(x, y, 20, -3 * scaleX, 3 * scaleX, 20, -3 * scaleY, 3 * scaleY).ToGrid().Smoothed(1);
                        panel.FilledContours(grid, grid.LevelsEnclosing(0.4, 0.8), Name()).Contours(grid, grid.LevelsEnclosing(0.4), Name(), new PlotStyle(Dash: DashStyle.DashDot));
                        break;
                    case 7:
                        var map = Grid2D.FromFunction(9, -1, 1, 7, -1, 1, (a, b) => scaleY * (a - b));
                        panel.HeatMap(map, ColorScale.DivergingFor(map), Name());
                        break;
                    default: panel.Annotate(0, 0, "here"); break;
                }
            }
            if (random.Next(4) == 0)
                panel.LogY();
            if (random.Next(6) == 0)
                panel.LogX();
            if (random.Next(6) == 0)
                panel.EqualAspect();
            if (random.Next(5) == 0)
                panel.Note("χ²/n = 1.03").Legend((LegendPosition)random.Next(3));
            if (random.Next(6) == 0)
                panel.OwnAxes(true, random.Next(2) == 0);
            if (random.Next(4) == 0)
            {
                var histogram = Histogram1D.Of(x, 10);
                panel.WithRatio(Label()).Ratio(HistogramRatio.Of(histogram, histogram), Name());
            }
        }
    }
}
