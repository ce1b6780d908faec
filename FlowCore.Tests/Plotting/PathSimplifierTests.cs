using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class PathSimplifierTests
{
    [Test]
    public void Points_on_a_line_are_left_out()
    {
        PlotPoint[] line = [.. Enumerable.Range(0, 100).Select(i => new PlotPoint(i, 2 * i))];
        Assert.That(PathSimplifier.Simplify(line, 1e-9), Is.EqualTo((PlotPoint[])[line[0], line[^1]]));
    }

    [Test]
    public void No_point_lies_farther_from_the_result_than_the_tolerance()
    {
        var random = new System.Random(1);
        var walk = new PlotPoint[400];
        for (var i = 1; i < walk.Length; i++)
            walk[i] = new PlotPoint(walk[i - 1].X + random.NextDouble(), walk[i - 1].Y + random.NextDouble() - 0.5);
        foreach (var tolerance in (double[])[0.1, 0.5, 2])
        {
            var simple = PathSimplifier.Simplify(walk, tolerance);
            Assert.That(simple.Count, Is.LessThan(walk.Length));
            foreach (var p in walk)
                Assert.That(Enumerable.Range(0, simple.Count - 1).Min(i => Distance(p, simple[i], simple[i + 1])), Is.LessThanOrEqualTo(tolerance + 1e-12));
        }
    }

    [Test]
    public void A_closed_loop_keeps_its_shape()
    {
        PlotPoint[] square = [new(0, 0), new(1, 0), new(2, 0), new(2, 2), new(0, 2), new(0, 0)];
        Assert.That(PathSimplifier.Simplify(square, 0.1), Is.EqualTo((PlotPoint[])[new(0, 0), new(2, 0), new(2, 2), new(0, 2), new(0, 0)]));
    }

    [Test]
    public void A_negative_tolerance_is_refused() =>
        Assert.That(() => PathSimplifier.Simplify([new(0, 0), new(1, 1)], -1), Throws.ArgumentException);

    private static double Distance(PlotPoint p, PlotPoint a, PlotPoint b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length2 = dx * dx + dy * dy;
        var t = length2 > 0 ? Math.Clamp(((p.X - a.X) * dx + (p.Y - a.Y) * dy) / length2, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(p.X - a.X - t * dx, 2) + Math.Pow(p.Y - a.Y - t * dy, 2));
    }
}
