using FirstFits;
using FlowCore.Fitting;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

/// <summary>The table of first fits is worth what its truths are: their densities are those of their draws, and normalised.</summary>
[TestFixture]
internal sealed class FirstFitsTruthTests
{
    private const int Rows = 40_000;

    // Divisible by the number of whole numbers in the box of the counts, so that no cell of the grid straddles two of them.
    private const int Cells = 240;

    private static readonly double _normalEntropy = 0.5 * Math.Log(2 * Math.PI * Math.E);

    private static IEnumerable<string> InTwoFeatures => Problems.All
        .Where(problem => problem is { Features: 2, ContextFeatures: 0 } && problem.Name != "checkerboard").Select(problem => problem.Name)
        .Append("mixture in 2");

    [TestCaseSource(nameof(InTwoFeatures))]
    public void The_share_of_the_draws_in_a_box_is_the_integral_of_the_density(string name)
    {
        var problem = name == "mixture in 2" ? new NormalMixtureProblem(name, 2) : Named(name);
        var x = problem.Draw(Rows, seed: 3).X;
        var (left, right) = Middle(problem, x, 0);
        var (bottom, top) = Middle(problem, x, 1);
        var inside = 0;
        for (var i = 0; i < x.Length; i += 2)
            inside += x[i] >= left && x[i] < right && x[i + 1] >= bottom && x[i + 1] < top ? 1 : 0;

        var integral = 0.0;
        var (width, height) = ((right - left) / Cells, (top - bottom) / Cells);
        for (var i = 0; i < Cells * Cells; i++)
            integral += width * height * Math.Exp(problem.LogDensity([left + (width * ((i / Cells) + 0.5)), bottom + (height * ((i % Cells) + 0.5))], []));

        // The share is known to √(p(1 − p)/n), four and a half of them; the midpoint rule to a few 10⁻⁵ of smooth densities.
        Assert.That(inside, Is.GreaterThan(Rows / 20));
        Assert.That((double)inside / Rows, Is.EqualTo(integral).Within((4.5 * Math.Sqrt(integral * (1 - integral) / Rows)) + 1e-4));
    }

    [Test]
    public void The_checkerboard_has_eight_squares_of_area_four_with_the_same_share()
    {
        var problem = Named("checkerboard");
        var x = problem.Draw(Rows, seed: 3).X;
        var counts = new int[16];
        for (var i = 0; i < x.Length; i += 2)
            counts[(4 * (int)Math.Floor((x[i] + 4) / 2)) + (int)Math.Floor((x[i + 1] + 4) / 2)]++;

        // In float a number may round up to the edge of its square.
        var filled = counts.Where(count => count > 10).ToArray();
        Assert.That(filled, Has.Length.EqualTo(8));
        Assert.That(filled, Is.All.EqualTo(Rows / 8.0).Within(4.5 * Math.Sqrt(Rows / 8.0)));
        Assert.That(problem.LogDensity([-3, -3], []), Is.EqualTo(-Math.Log(8 * 4)).Within(1e-15));
    }

    [TestCaseSource(nameof(Entropies))]
    public void The_mean_of_minus_ln_p_is_the_entropy_in_closed_form(string name, double entropy)
    {
        var problem = Named(name);
        var events = problem.Draw(Rows, seed: 4);
        var (sum, squares) = (0.0, 0.0);
        var (row, context) = (new double[problem.Features], new double[problem.ContextFeatures]);
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < row.Length; j++)
                row[j] = events.X[(i * row.Length) + j];
            for (var j = 0; j < context.Length; j++)
                context[j] = events.Context[(i * context.Length) + j];
            var value = -problem.LogDensity(row, context);
            sum += value;
            squares += value * value;
        }

        var mean = sum / Rows;
        Assert.That(mean, Is.EqualTo(entropy).Within((4.5 * Math.Sqrt(Math.Max((squares / Rows) - (mean * mean), 0) / Rows)) + 1e-9));
    }

    [Test]
    public void The_weights_of_the_weighted_events_have_the_mean_one()
    {
        var weights = Named("weighted events").DrawToFit(Rows, seed: 5).Weights;
        var mean = weights.Average(weight => (double)weight);
        var deviation = Math.Sqrt(weights.Average(weight => (weight - mean) * (weight - mean)));
        Assert.That(mean, Is.EqualTo(1).Within(4.5 * deviation / Math.Sqrt(Rows)));
    }

    // The entropy of Student's t with 2 degrees of freedom is 1.5 (ψ(1.5) − ψ(1)) + ln(√2 B(1, ½)) = 3 − 3 ln 2 + 1.5 ln 2.
    private static IEnumerable<object[]> Entropies() =>
    [
        ["banana", (2 * _normalEntropy) + Math.Log(2 * 0.5)],
        ["exponential x normal", 1 + _normalEntropy],
        ["student t2", 2 * (3 - (1.5 * Math.Log(2)))],
        ["student t1", 2 * Math.Log(4 * Math.PI)],
        ["box", Math.Log(10)],
        ["conditional", (2 * _normalEntropy) + Math.Log(0.5) + (1.5 * Math.Log(1.5)) - (0.5 * Math.Log(0.5)) - 1],
        ["mass at 91", (2 * _normalEntropy) + Math.Log(2 * 0.3)],
    ];

    private static Problem Named(string name) => Problems.All.Single(problem => problem.Name == name);

    // From the fifth to the fourth fifth of the values; whole numbers for counts.
    private static (double Lower, double Upper) Middle(Problem problem, float[] x, int feature)
    {
        var values = x.Where((_, i) => i % 2 == feature).Order().ToArray();
        var (lower, upper) = ((double)values[Rows / 5], (double)values[4 * Rows / 5]);
        return problem.Supports?[feature].Kind == SupportKind.Integers ? (Math.Floor(lower), Math.Floor(upper)) : (lower, upper);
    }
}
