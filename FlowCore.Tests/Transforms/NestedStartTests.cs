using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

/// <summary>Layers that start from data do so inside an embedding, and where a coupling applies them to what passes.</summary>
[TestFixture]
internal sealed class NestedStartTests
{
    private const int Rows = 500;

    [Test]
    public void A_layer_behind_an_embedding_starts_from_what_reaches_it()
    {
        var masked = new MaskedAutoregressive<double>(
            new Affine<double>(1e-3), AutoregressiveOrder.Natural(2, 3), [4], UnaryFunction.Tanh, "masked", new RandomStream(1));
        var inner = new Composition<double>(2, masked, new ActNorm<double>(2, "norm"));
        using var flow = new Flow<double>(
            new StandardNormal<double>(2), new Embedded<double>(inner, new Mlp<double>([1, 4, 3], UnaryFunction.Tanh, "embedding", new RandomStream(2))));
        var (x, c) = (Numbers(2, 3), Numbers(1, 4));
        Assert.That(DataStart.Run<double>(flow, x, c), Is.EqualTo(1));
        var z = new double[x.Length];
        flow.ToNoise(x, c, z, new double[Rows]);
        AssertStandard([.. z.Where((_, i) => i % 2 == 0)]);
        AssertStandard([.. z.Where((_, i) => i % 2 == 1)]);
    }

    [Test]
    public void A_layer_of_what_passes_a_coupling_starts_from_it()
    {
        var coupling = new Coupling<double>(
            new Affine<double>(1e-3), [false, true, false], new Mlp<double>([1, 4], UnaryFunction.Tanh, "net", new RandomStream(1)), new ActNorm<double>(1, "norm"));
        using var flow = new Flow<double>(new StandardNormal<double>(3), coupling);
        var x = Numbers(3, 3);
        Assert.That(DataStart.Run<double>(flow, x), Is.EqualTo(1));
        var z = new double[x.Length];
        flow.ToNoise(x, z, new double[Rows]);
        AssertStandard([.. z.Where((_, i) => i % 3 == 1)]);
    }

    private static double[] Numbers(int columns, ulong seed)
    {
        var numbers = new double[Rows * columns];
        new RandomStream(seed).FillNormal<double>(numbers);
        return [.. numbers.Select(value => 3 + (2 * value))];
    }

    private static void AssertStandard(double[] z)
    {
        // Sums of 500 numbers of order one.
        Assert.That(z.Average(), Is.Zero.Within(1e-12));
        Assert.That(z.Sum(value => value * value) / (z.Length - 1), Is.EqualTo(1).Within(1e-2));
    }
}
