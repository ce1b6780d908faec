using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class ColorScaleTests
{
    [Test]
    public void A_diverging_scale_is_symmetric_and_has_the_background_at_zero()
    {
        var scale = ColorScale.Diverging(2);
        Assert.That(scale.Step(0), Is.Zero);
        foreach (var v in (double[])[0.1, 0.7, 1.9, 2, 50])
            Assert.That(scale.Step(-v), Is.EqualTo(-scale.Step(v)!.Value));
        Assert.That(scale.Step(2), Is.EqualTo(scale.Steps));
        Assert.That(scale.Step(double.PositiveInfinity), Is.EqualTo(scale.Steps));
        Assert.That(scale.Step(double.NaN), Is.Null);
    }

    [Test]
    public void Steps_rise_with_the_value()
    {
        foreach (var scale in (ColorScale[])[ColorScale.Diverging(1), ColorScale.Sequential(-1, 1)])
        {
            var steps = Enumerable.Range(0, 401).Select(i => scale.Step(-1 + i / 200.0)!.Value).ToList();
            Assert.That(steps, Is.Ordered);
            Assert.That(steps.Distinct().Count(), Is.EqualTo(scale.IsDiverging ? 2 * scale.Steps + 1 : scale.Steps + 1));
        }
    }

    [Test]
    public void Panels_can_share_a_scale_that_covers_them_all()
    {
        var a = new Grid2D(1, 0, 1, 1, 0, 1, [-3.0]);
        var b = new Grid2D(2, 0, 1, 1, 0, 1, [2.0, double.NaN]);
        Assert.That(ColorScale.DivergingFor(a, b).Max, Is.EqualTo(3));
        Assert.That(ColorScale.DivergingFor(new Grid2D(1, 0, 1, 1, 0, 1, [0.0])).Max, Is.EqualTo(1));
    }

    [Test]
    public void Neighbouring_cells_of_one_colour_are_one_rectangle()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).HeatMap(Grid2D.FromFunction(50, 0, 1, 50, 0, 1, (x, _) => x > 0.5 ? 1 : -1), ColorScale.Diverging(1));
        var svg = figure.ToSvg();
        var cells = FigureAssert.IsValidSvg(svg).SelectNodes("//*[@shape-rendering='crispEdges']/@d")!.Cast<System.Xml.XmlAttribute>().Select(a => a.Value).ToList();
        Assert.That(cells, Has.Count.EqualTo(2));
        Assert.That(cells.Select(d => d.Count(c => c == 'z')), Is.All.EqualTo(1));
    }
}
