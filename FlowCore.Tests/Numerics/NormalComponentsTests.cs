using FlowCore.Distributions;
using FlowCore.Numerics;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Numerics;

/// <summary>Expectation maximisation: its density is that of the mixture that is made of it, and no step makes the rows less likely.</summary>
[TestFixture]
internal sealed class NormalComponentsTests
{
    // Two blocks and a remainder.
    private const int Rows = 1200;

    [Test]
    public void The_mean_log_density_is_the_mixtures()
    {
        var columns = Islands(3);
        var components = Started(columns, 3, 1);
        components.Maximise(columns, [], 5, 0);
        var mixture = NormalMixture<double>.Of(components, learnable: false, "base");
        using var flow = new Flow<double>(mixture, new FlowCore.Transforms.Composition<double>(3));
        var logDensity = new double[Rows];
        flow.LogDensity(RowsOf(columns), logDensity);

        // Two ways through the same solves, of a few roundings a row; the mixture's floor of 1e-6 is taken off and added again.
        Assert.That(components.MeanLogDensity(columns, []), Is.EqualTo(logDensity.Average()).Within(1e-12));
    }

    [Test]
    public void No_step_makes_the_rows_less_likely()
    {
        var columns = Islands(2);
        var components = Started(columns, 5, 2);
        var last = components.MeanLogDensity(columns, []);
        for (var step = 0; step < 30; step++)
        {
            // The pass, the move, and a second pass that is not followed by one.
            components.Maximise(columns, [], 1, 0);
            var next = components.MeanLogDensity(columns, []);

            // The floor under the variances, 1e-6 of them, may cost as much.
            Assert.That(next, Is.GreaterThan(last - 1e-6));
            last = next;
        }
    }

    [Test]
    public void A_row_of_weight_two_is_a_row_that_came_twice()
    {
        var columns = Islands(2);
        var weights = Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? 2.0 : 1.0).ToArray();
        double[][] repeated = [.. columns.Select(column => column.SelectMany((value, i) => Enumerable.Repeat(value, (int)weights[i])).ToArray())];
        var (once, twice) = (Started(columns, 3, 1), Started(columns, 3, 1));
        once.Maximise(columns, weights, 20, 0);
        twice.Maximise(repeated, [], 20, 0);

        // Sums in another order, of a thousand terms and through twenty steps.
        Assert.That(once.Means, Is.EqualTo(twice.Means).Within(1e-9));
        Assert.That(once.Factors, Is.EqualTo(twice.Factors).Within(1e-9));
        Assert.That(once.LogWeights, Is.EqualTo(twice.LogWeights).Within(1e-9));
        Assert.That(once.MeanLogDensity(columns, weights), Is.EqualTo(twice.MeanLogDensity(repeated, [])).Within(1e-11));
    }

    [Test]
    public void The_components_are_found_with_their_shapes()
    {
        var columns = Islands(2);
        var components = Started(columns, 3, 3);
        components.Maximise(columns, [], 200, 1e-10);
        var order = Enumerable.Range(0, 3).OrderBy(k => components.Means[2 * k]).ToArray();

        // Four hundred rows each: a mean is known to 0.05 of its deviation, a factor to 0.04; four times that.
        for (var k = 0; k < 3; k++)
        {
            Assert.That(Math.Exp(components.LogWeights[order[k]]), Is.EqualTo(1.0 / 3).Within(0.01));
            Assert.That(components.Means[2 * order[k]], Is.EqualTo(8.0 * k).Within(0.2));
            Assert.That(components.Factors[(4 * order[k]) + 2], Is.EqualTo(0.5).Within(0.2));
            Assert.That(components.Factors[4 * order[k]], Is.EqualTo(1).Within(0.15));
        }
    }

    [Test]
    public void Without_one_of_two_halves_of_a_component_the_other_takes_its_rows()
    {
        var columns = Islands(2);
        var four = Started(columns, 4, 1);
        four.Maximise(columns, [], 100, 1e-8);
        var best = Enumerable.Range(0, 4).Max(k =>
        {
            var rest = four.Without(k);
            rest.Maximise(columns, [], 100, 1e-8);
            return rest.MeanLogDensity(columns, []);
        });
        var three = Started(columns, 3, 3);
        three.Maximise(columns, [], 100, 1e-8);

        // Both have come to the same maximum, as near as the tolerance of a step lets them.
        Assert.That(best, Is.EqualTo(three.MeanLogDensity(columns, [])).Within(1e-5));
    }

    private static NormalComponents Started(double[][] columns, int components, ulong seed) =>
        new(RowsOf(columns), DataMoments.MeanAndFactor<double>(RowsOf(columns), columns.Length).Factor, columns.Length, components, new RandomStream(seed));

    // Three islands along the first feature, 8 deviations apart; each feature leans on the one before by a half.
    private static double[][] Islands(int features)
    {
        var normal = new double[Rows * features];
        new RandomStream(7).FillNormal<double>(normal);
        var columns = new double[features][];
        for (var j = 0; j < features; j++)
        {
            columns[j] = new double[Rows];
            for (var i = 0; i < Rows; i++)
                columns[j][i] = normal[(i * features) + j] + (j == 0 ? 8 * (i % 3) : 0.5 * normal[(i * features) + j - 1]);
        }

        return columns;
    }

    private static double[] RowsOf(double[][] columns) => [.. Enumerable.Range(0, Rows).SelectMany(i => columns.Select(column => column[i]))];
}
