using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class ContourTracerTests
{
    [Test]
    public void The_level_set_of_a_Gaussian_is_its_circle()
    {
        var grid = Grid2D.FromFunction(100, -4, 4, 100, -4, 4, (x, y) => Math.Exp(-0.5 * (x * x + y * y)));
        foreach (var radius in (double[])[0.3, 1, 2, 3.5])
        {
            var lines = ContourTracer.Lines(grid, Math.Exp(-0.5 * radius * radius));
            Assert.That(lines, Has.Count.EqualTo(1));
            Assert.That(lines[0].IsClosed, Is.True);
            // Linear interpolation over a cell of h = 0.08 errs by h²/8·|f''/f'|, less than h²/8·(1/r + r) here.
            var tolerance = 0.08 * 0.08 / 8 * (1 / radius + radius) + 1e-12;
            foreach (var p in lines[0].Points)
                Assert.That(Math.Sqrt(p.X * p.X + p.Y * p.Y), Is.EqualTo(radius).Within(tolerance));
            Assert.That(Area(lines[0]), Is.EqualTo(Math.PI * radius * radius).Within(2 * Math.PI * radius * 0.08 * 0.08));
        }
    }

    [Test]
    public void Lines_keep_high_ground_on_the_left()
    {
        var hill = Grid2D.FromFunction(20, -1, 1, 20, -1, 1, (x, y) => -x * x - y * y);
        Assert.That(Area(ContourTracer.Lines(hill, -0.4)[0]), Is.Positive);
        Assert.That(Area(ContourTracer.Lines(hill.Select(v => -v), 0.4)[0]), Is.Negative);
    }

    [Test]
    public void Lines_that_reach_the_border_end_there()
    {
        var slope = Grid2D.FromFunction(10, 0, 1, 10, 0, 2, (x, y) => x);
        var line = ContourTracer.Lines(slope, 0.5)[0];
        Assert.That(line.IsClosed, Is.False);
        Assert.That(line.Points.Select(p => p.X), Is.All.EqualTo(0.5).Within(1e-12));
        Assert.That(line.Points.Select(p => p.Y).Min(), Is.Zero);
        Assert.That(line.Points.Select(p => p.Y).Max(), Is.EqualTo(2));
    }

    [Test]
    public void Regions_close_along_the_border_and_cover_the_right_area()
    {
        var slope = Grid2D.FromFunction(40, 0, 1, 40, 0, 2, (x, y) => x + 0.25 * y);
        var regions = ContourTracer.Regions(slope, 0.75);
        // Above the line x = 0.75 - y/4 lie 1·2 - ∫(0.75 - y/4)dy = 1 of 2; only the outermost half cells are continued flat.
        Assert.That(regions, Has.Count.EqualTo(1));
        Assert.That(regions[0].IsClosed, Is.True);
        Assert.That(Area(regions[0]), Is.EqualTo(1).Within(0.001));
    }

    [Test]
    public void A_region_over_the_whole_grid_is_its_rectangle()
    {
        var grid = Grid2D.FromFunction(5, -1, 2, 4, 0, 5, (_, _) => 1);
        var regions = ContourTracer.Regions(grid, 0.5);
        Assert.That(regions, Has.Count.EqualTo(1));
        Assert.That(Area(regions[0]), Is.EqualTo(15).Within(1e-12));
        Assert.That(ContourTracer.Lines(grid, 0.5), Is.Empty);
        Assert.That(ContourTracer.Regions(grid, 1.5), Is.Empty);
    }

    [Test]
    public void A_ring_has_a_hole()
    {
        var grid = Grid2D.FromFunction(120, -2, 2, 120, -2, 2, (x, y) => -Math.Abs(Math.Sqrt(x * x + y * y) - 1));
        var regions = ContourTracer.Regions(grid, -0.25);
        Assert.That(regions, Has.Count.EqualTo(2));
        Assert.That(regions.Sum(Area), Is.EqualTo(Math.PI * (1.25 * 1.25 - 0.75 * 0.75)).Within(0.01));
    }

    [Test]
    public void Every_line_point_lies_on_the_level_of_a_random_field()
    {
        var random = new System.Random(3);
        double[] values = [.. Enumerable.Range(0, 30 * 20).Select(_ => random.NextDouble())];
        var grid = new Grid2D(30, 0, 30, 20, 0, 20, values);
        var regions = ContourTracer.Regions(grid, 0.5);
        // Crossings lie on sides between neighbours; each side with one end above and one below carries exactly one.
        var crossings = 0;
        for (var j = 0; j < 20; j++)
        {
            for (var i = 0; i < 30; i++)
            {
                crossings += i < 29 && grid[i, j] >= 0.5 != grid[i + 1, j] >= 0.5 ? 1 : 0;
                crossings += j < 19 && grid[i, j] >= 0.5 != grid[i, j + 1] >= 0.5 ? 1 : 0;
            }
        }
        var inner = regions.Sum(r => r.Points.Count(p => p.X > 0.5 - 1e-9 && p.X < 29.5 + 1e-9 && p.Y > 0.5 - 1e-9 && p.Y < 19.5 + 1e-9));
        Assert.That(inner, Is.EqualTo(crossings));
        Assert.That(regions.Select(r => r.IsClosed), Is.All.True);
    }

    [Test]
    public void Values_that_are_not_finite_do_not_break_the_trace()
    {
        double[] values = [1, double.NaN, 1, double.PositiveInfinity, 1, double.NegativeInfinity, 0, 1, 0];
        var grid = new Grid2D(3, 0, 3, 3, 0, 3, values);
        foreach (var line in ContourTracer.Regions(grid, 0.5).Concat(ContourTracer.Lines(grid, 0.5)))
        {
            foreach (var p in line.Points)
                Assert.That(p.X is >= 0 and <= 3 && p.Y is >= 0 and <= 3, Is.True, p.ToString());
        }
        Assert.That(() => ContourTracer.Lines(grid, double.NaN), Throws.ArgumentException);
    }

    [Test]
    public void A_grid_of_one_cell_has_no_lines_and_one_region()
    {
        var grid = new Grid2D(1, 0, 1, 1, 0, 1, [2.0]);
        Assert.That(ContourTracer.Lines(grid, 1), Is.Empty);
        Assert.That(Area(ContourTracer.Regions(grid, 1).Single()), Is.EqualTo(1));
    }

    private static double Area(ContourLine line)
    {
        double sum = 0;
        for (var i = 0; i < line.Points.Count; i++)
        {
            var (a, b) = (line.Points[i], line.Points[(i + 1) % line.Points.Count]);
            sum += a.X * b.Y - b.X * a.Y;
        }
        return sum / 2;
    }
}
