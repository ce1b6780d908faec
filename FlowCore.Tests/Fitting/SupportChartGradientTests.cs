using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Fitting;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

[TestFixture]
internal sealed class SupportChartGradientTests
{
    private static readonly FeatureChart[] _charts =
    [
        new(Support.Interval(-1, 3), 0, 0.1, 1.2), new(Support.Above(1), 0, 0.3, 0.8, 0.2, 0), new(Support.Real, 0, 0.5, 2, 0.3, 0.1), new(Support.Circle(0, 6), 1, 0, 1),
    ];

    // One side of a feature has a tail and the other has none, and the middle of a tail is where the quotient of its formula is 0/0.
    [Test]
    public void Gradients_are_those_of_double_precision_and_equal_differences()
    {
        double[] rows = [0.5, 2, 0.5, 3, -0.9, 30, -40, 0.5, 2.9, 1.001, 40, 5.5, 1, 1.5, 0.501, 2, 0, 2.5, -1.5, 4];
        var (precise, single) = (Gradients<double>(rows, out var density), Gradients<float>(rows, out _));
        for (var i = 0; i < rows.Length; i++)
        {
            var step = 1e-6 * (1 + Math.Abs(rows[i]));
            var moved = (double[])rows.Clone();
            moved[i] = rows[i] + step;
            Gradients<double>(moved, out var above);
            moved[i] = rows[i] - step;
            Gradients<double>(moved, out var below);
            var difference = (above[i / 4] - below[i / 4]) / (2 * step);
            Assert.That(precise[i], Is.EqualTo(difference).Within(1e-5 * (1 + Math.Abs(difference))), $"number {i}");

            // Near an end a float has lost the digits of the distance to it.
            Assert.That(single[i], Is.EqualTo(precise[i]).Within(2e-3 * (1 + Math.Abs(precise[i]))), $"number {i} in float");
        }

        Assert.That(density, Has.All.Matches<double>(double.IsFinite));
    }

    [TestCase(-2, 2)]
    [TestCase(4, 2)]
    [TestCase(0.5, 1)]
    [TestCase(0.5, 0.5)]
    public void A_row_outside_has_no_density_and_no_gradient_that_is_not_a_number(double bounded, double positive)
    {
        double[] rows = [0.5, 2, 0.5, 3, bounded, positive, 0.5, 3, 0.5, 2, 0.5, 3];
        var gradient = Gradients<float>(rows, out var density);
        Assert.That(gradient, Has.All.Matches<double>(double.IsFinite));
        Assert.That(density[1], Is.EqualTo(double.NegativeInfinity));
        Assert.That(density[0], Is.EqualTo(density[2]).And.Not.EqualTo(density[1]));
        double[] neighbours = [.. gradient[..4], .. gradient[8..]];
        Assert.That(neighbours, Is.EqualTo(Gradients<float>([.. rows[..4], .. rows[8..]], out _)));
    }

    private static double[] Gradients<T>(double[] rows, out double[] density)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var flow = new Flow<T>(new StandardNormal<T>(4), new SupportChart<T>(_charts));
        var (found, dx) = (new T[rows.Length / 4], new T[rows.Length]);
        flow.LogDensityGradient(Array.ConvertAll(rows, T.CreateTruncating), default, found, dx);
        density = Array.ConvertAll(found, double.CreateTruncating);
        return Array.ConvertAll(dx, double.CreateTruncating);
    }
}
