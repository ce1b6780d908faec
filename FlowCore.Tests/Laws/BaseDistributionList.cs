using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Laws.Entries;

namespace FlowCore.Tests.Laws;

/// <summary>All base distributions, an entry each.</summary>
internal static class BaseDistributionList
{
    public static IReadOnlyList<BaseDistributionEntry> All { get; } =
    [
        new("standard normal", features => new StandardNormal<double>(features)),
        new("diagonal normal", features => new DiagonalNormal<double>(Numbers(features, 1, -2), Numbers(features, 0.5, 2))),
        new("diagonal normal, learnable", features => new DiagonalNormal<double>(Numbers(features, 1, -2), Numbers(features, 0.5, 2), learnable: true)),
        new("uniform box", features => new UniformBox<double>(Numbers(features, -1, 0.5), Numbers(features, 0.5, 1.5))),
        new("fourier normal", features => FourierNormal<double>.OfSpectrum(1, features, k => 2 / (1 + (k * k)))),
        new("fourier normal, learnable", features => FourierNormal<double>.OfSpectrum(features, 1, k => 2 / (1 + (k * k)), learnable: true)),
        new("conditional normal", features => new ConditionalNormal<double>(new Mlp<double>([2, 4, 2 * features], UnaryFunction.Tanh, "encoder", new RandomStream(3)))),
        new("conditional mixture", features => new NormalMixture<double>(
            features, 2, new Mlp<double>([2, 4, 2 * (1 + (2 * features) + (features * (features - 1) / 2))], UnaryFunction.Tanh, "mixture", new RandomStream(4)))),
        new("conditional spherical mixture", features => new NormalMixture<double>(
            features, 3, new Mlp<double>([2, 4, 3 * (2 + features)], UnaryFunction.Tanh, "mixture", new RandomStream(5)), isDiagonal: true, isSpherical: true)),
        new("uniform sphere", features => new UniformSphere<double>(features + 1)),
        .. LinearEntries.Bases.Select(entry => new BaseDistributionEntry(entry.Name, entry.Create)),
        .. NetworkEntries.Bases.Select(entry => new BaseDistributionEntry(entry.Name, entry.Create)),
    ];

    private static double[] Numbers(int count, double first, double step) => [.. Enumerable.Range(0, count).Select(i => first + (i * step))];
}
