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
    public static IReadOnlyList<(string Name, Func<int, RandomStream, string, Transform<double>> Create)> Transforms { get; } =
    [
        ("cholesky", (d, _, n) => new CholeskyLinear<double>(d, n)),
        ("dense", (d, s, n) => new DenseLinear<double>(d, n, s)),
        ("fixed affine", (d, _, n) => new FixedAffine<double>([.. Enumerable.Range(0, d).Select(j => j % 2 == 0 ? 0.5 + j : -2.0)], [.. Enumerable.Range(0, d).Select(j => 1.0 - j)])),
        ("householder", (d, _, n) => new HouseholderLinear<double>(d, 4, n)),
        ("householder, odd", (d, _, n) => new HouseholderLinear<double>(d, 3, n)),
        ("lu", (d, s, n) => new LuLinear<double>(d, n, initialization: s)),
        ("lu with permutation", (d, s, n) => LuLinear<double>.WithPermutation(Permutation(d, s), n, initialization: s)),
        ("lu in one matrix", (d, _, n) => new LuMatrixLinear<double>(d, n)),
        ("pivoted lu", (d, s, n) => PivotedLuLinear<double>.FromRotation(d, n, s)),
        ("qr", (d, _, n) => new QrLinear<double>(d, 4, n)),
        ("rotation", (d, s, n) => new RotationLinear<double>(d, n, s)),
        ("svd", (d, _, n) => new SvdLinear<double>(d, 4, n)),
        ("planar tanh", (d, s, n) => new Planar<double>(d, n, initialization: s)),
        ("planar leaky", (d, s, n) => new Planar<double>(d, n, PlanarFunction.LeakyReLU, initialization: s)),
        ("planar, inverted", (d, s, n) => new Inverted<double>(new Planar<double>(d, n, initialization: s))),
        ("radial", (d, s, n) => new Radial<double>(d, n, s)),
        ("sylvester", (d, s, n) => new Sylvester<double>(d, 0, n, s)),
        ("sylvester, two directions", (d, s, n) => new Sylvester<double>(d, Math.Min(d, 2), n, s, reflections: 3)),
        ("act norm", (d, _, n) => new ActNorm<double>(d, n)),
        ("batch normalisation", (d, _, n) => new BatchNormalization<double>(d, n)),
    ];

    /// <summary>Transforms with C conditions.</summary>
    public static IReadOnlyList<(string Name, Func<int, int, RandomStream, string, Transform<double>> Create)> Conditional { get; } =
    [
        ("conditional cholesky", (d, c, s, n) => new CholeskyLinear<double>(d, c, _hidden, UnaryFunction.Tanh, n, s)),
        ("conditional planar tanh", (d, c, s, n) => new Planar<double>(d, new Mlp<double>([c, 4, (2 * d) + 1], UnaryFunction.Tanh, n, s))),
        ("conditional planar leaky", (d, c, s, n) => new Planar<double>(d, new Mlp<double>([c, 4, (2 * d) + 1], UnaryFunction.Tanh, n, s), PlanarFunction.LeakyReLU)),
    ];

    /// <summary>Base distributions.</summary>
    public static IReadOnlyList<(string Name, Func<int, BaseDistribution<double>> Create)> Bases { get; } =
    [
        ("full normal", d => new FullNormal<double>(d, learnable: true)),
        ("mixture", d => new NormalMixture<double>(d, 3)),
        ("diagonal mixture", d => new NormalMixture<double>(d, 3, isDiagonal: true)),
        ("student t", d => new StudentT<double>(d, learnable: true)),
        ("uniform and normal", d => new UniformNormal<double>([.. Enumerable.Range(0, d).Select(j => j % 2 == 0)], [.. Enumerable.Range(0, d).Select(j => 1.5 + j)])),
    ];

    private static int[] Permutation(int features, RandomStream stream)
    {
        var permutation = new int[features];
        stream.FillPermutation(permutation);
        return permutation;
    }
}
