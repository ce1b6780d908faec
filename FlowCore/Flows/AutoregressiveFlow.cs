using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Builds flows from autoregressive transforms in the structure and under the names of zuko.</summary>
internal static class AutoregressiveFlow
{
    public const string StandardizationName = "standardize";

    private const double AffineSlope = 1e-3;

    // Leading affine transforms take their seeds from a substream that the numbers below do not reach.
    private const ulong AffineSubstream = 1UL << 32;

    // As do the networks of the features' own.
    private const ulong OwnSubstream = 1UL << 33;

    // Substreams of a seed: transform i draws its order from 2i and its weights from 2i + 1.
    // With one feature there is nothing to be autoregressive in: the parameters depend on the context alone, or on nothing.
    public static Flow<T> Create<T>(
        AutoregressiveFlowSettings settings, Device? device, Univariate<T> univariate, int affineTransforms = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create(settings, device, (_, _) => univariate, affineTransforms);

    /// <summary>As before, of univariate maps that may have parameters of their own, and with something between the transforms.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="univariate">Makes the map of a transform, of the prefix of its names and the source of its fresh numbers.</param>
    /// <param name="affineTransforms">How many affine transforms come first.</param>
    /// <param name="between">Makes what stands between two transforms, and has a number among them; null for nothing.</param>
    public static Flow<T> Create<T>(
        AutoregressiveFlowSettings settings, Device? device, Func<string, RandomStream, Univariate<T>> univariate, int affineTransforms = 0,
        Func<Transform<T>>? between = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Features < 1)
            throw new ArgumentException($"Expected at least 1 feature, got {settings.Features}.", nameof(settings));
        if (settings.ContextFeatures < 0)
            throw new ArgumentException($"Expected 0 or more context features, got {settings.ContextFeatures}.", nameof(settings));
        if (settings.Transforms < 1)
            throw new ArgumentException($"Expected at least 1 transform, got {settings.Transforms}.", nameof(settings));
        if (settings.Passes < 0 || settings.Passes > settings.Features)
            throw new ArgumentException($"Expected 0 to {settings.Features} passes, got {settings.Passes}.", nameof(settings));
        var stream = new RandomStream(settings.Seed);
        var parts = new List<Transform<T>>();
        int[] hiddenSizes = [.. settings.HiddenSizes];
        if (settings.Standardization is { } standardization)
        {
            if (standardization.Location.Count != settings.Features)
            {
                throw new ArgumentException(
                    $"Expected a standardization of {settings.Features} features, got one of {standardization.Location.Count}.", nameof(settings));
            }

            parts.Add(new Standardization<T>(standardization, StandardizationName));
        }

        for (var i = 0; i < affineTransforms; i++)
        {
            var order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures, descending: i % 2 == 1, settings.Passes);
            parts.Add(new MaskedAutoregressive<T>(
                new Affine<T>(AffineSlope), order, hiddenSizes, settings.Activation, AffineName(i), stream.Substream(AffineSubstream + (ulong)i)));
        }

        for (var i = 0; i < settings.Transforms; i++)
        {
            if (between is not null && i > 0)
                parts.Add(between());
            var name = TransformName(between is null ? i : 2 * i);
            var map = univariate(name, stream.Substream(OwnSubstream + (ulong)i));
            if (settings.Features == 1)
            {
                parts.Add(settings.ContextFeatures > 0
                    ? new Conditional<T>(
                        map, 1, settings.ContextFeatures, hiddenSizes, settings.Activation, name, stream.Substream((ulong)((2 * i) + 1)))
                    : new Elementwise<T>(map, 1, name));
                continue;
            }

            AutoregressiveOrder order;
            if (settings.RandomOrder)
            {
                var permutation = new int[settings.Features];
                stream.Substream((ulong)(2 * i)).FillPermutation(permutation);
                order = AutoregressiveOrder.InPasses(permutation, settings.ContextFeatures, settings.Passes);
            }
            else
            {
                order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures, descending: i % 2 == 1, settings.Passes);
            }

            parts.Add(new MaskedAutoregressive<T>(
                map, order, hiddenSizes, settings.Activation, name, stream.Substream((ulong)((2 * i) + 1))));
        }

        return new Flow<T>(new StandardNormal<T>(settings.Features), new Composition<T>(settings.Features, parts), device);
    }

    public static string TransformName(int index) => $"transform.transforms.{index}";

    /// <summary>The name of an affine transform in front of the splines.</summary>
    public static string AffineName(int index) => $"affine.{index}";
}
