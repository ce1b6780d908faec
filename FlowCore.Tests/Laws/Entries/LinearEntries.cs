using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Linear maps, maps along few directions, normalisation and bases: a line for each that makes one of D features and C conditions.</summary>
internal static class LinearEntries
{
    private static readonly int[] _hidden = [4];

    /// <summary>Transforms without conditions, for D of 1 and more.</summary>
    public static IReadOnlyList<(string Name, Func<int, RandomStream, Transform<double>> Create)> Transforms { get; } =
    [
        ("cholesky", (d, _) => new CholeskyLinear<double>(d, "l")),
        ("dense", (d, s) => new DenseLinear<double>(d, "l", s)),
        ("fixed affine", (d, _) => new FixedAffine<double>([.. Enumerable.Range(0, d).Select(j => j % 2 == 0 ? 0.5 + j : -2.0)], [.. Enumerable.Range(0, d).Select(j => 1.0 - j)])),
        ("householder", (d, _) => new HouseholderLinear<double>(d, 4, "l")),
        ("householder, odd", (d, _) => new HouseholderLinear<double>(d, 3, "l")),
        ("lu", (d, s) => new LuLinear<double>(d, "l", initialization: s)),
        ("lu with permutation", (d, s) => LuLinear<double>.WithPermutation(Permutation(d, s), "l", initialization: s)),
        ("lu in one matrix", (d, _) => new LuMatrixLinear<double>(d, "l")),
        ("pivoted lu", (d, s) => PivotedLuLinear<double>.FromRotation(d, "l", s)),
        ("qr", (d, _) => new QrLinear<double>(d, 4, "l")),
        ("rotation", (d, s) => new RotationLinear<double>(d, "l", s)),
        ("svd", (d, _) => new SvdLinear<double>(d, 4, "l")),
        ("planar tanh", (d, s) => new Planar<double>(d, "p", initialization: s)),
        ("planar leaky", (d, s) => new Planar<double>(d, "p", PlanarFunction.LeakyReLU, initialization: s)),
        ("planar, inverted", (d, s) => new Inverted<double>(new Planar<double>(d, "p", initialization: s))),
        ("radial", (d, s) => new Radial<double>(d, "r", s)),
        ("sylvester", (d, s) => new Sylvester<double>(d, 0, "s", s)),
        ("sylvester, two directions", (d, s) => new Sylvester<double>(d, Math.Min(d, 2), "s", s, reflections: 3)),
        ("act norm", (d, _) => new ActNorm<double>(d, "n")),
        ("batch normalisation", (d, _) => new BatchNormalization<double>(d, "n")),
    ];

    /// <summary>Transforms with C conditions.</summary>
    public static IReadOnlyList<(string Name, Func<int, int, RandomStream, Transform<double>> Create)> Conditional { get; } =
    [
        ("conditional cholesky", (d, c, s) => new CholeskyLinear<double>(d, c, _hidden, UnaryFunction.Tanh, "l", s)),
        ("conditional planar tanh", (d, c, s) => new Planar<double>(d, new Mlp<double>([c, 4, (2 * d) + 1], UnaryFunction.Tanh, "p", s))),
        ("conditional planar leaky", (d, c, s) => new Planar<double>(d, new Mlp<double>([c, 4, (2 * d) + 1], UnaryFunction.Tanh, "p", s), PlanarFunction.LeakyReLU)),
    ];

    /// <summary>Base distributions.</summary>
    public static IReadOnlyList<(string Name, Func<int, BaseDistribution<double>> Create)> Bases { get; } =
    [
        ("full normal", d => new FullNormal<double>(d, learnable: true)),
        ("mixture", d => new NormalMixture<double>(d, 3)),
        ("diagonal mixture", d => new NormalMixture<double>(d, 3, isDiagonal: true)),
        ("student t", d => new StudentT<double>(d, learnable: true)),
        ("conditional normal", d => new ConditionalNormal<double>(new Mlp<double>([2, 4, 2 * d], UnaryFunction.Tanh, "e", new RandomStream(3)))),
        ("uniform and normal", d => new UniformNormal<double>([.. Enumerable.Range(0, d).Select(j => j % 2 == 0)], [.. Enumerable.Range(0, d).Select(j => 1.5 + j)])),
    ];

    private static int[] Permutation(int features, RandomStream stream)
    {
        var permutation = new int[features];
        stream.FillPermutation(permutation);
        return permutation;
    }
}
