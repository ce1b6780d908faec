using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Builds flows from autoregressive transforms in the structure and under the names of zuko.</summary>
internal static class AutoregressiveFlow
{
    private const double AffineSlope = 1e-3;

    // Leading affine transforms take their seeds from a substream that the numbers below do not reach.
    private const ulong AffineSubstream = 1UL << 32;

    // As do the networks of the features' own.
    private const ulong OwnSubstream = 1UL << 33;

    /// <summary>Makes the network of a transform.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="outputsPerFeature">P.</param>
    /// <param name="name">The prefix of the transform's names.</param>
    /// <param name="initialization">Where fresh weights come from.</param>
    public delegate MaskedNetwork<T> NetworkMaker<T>(AutoregressiveOrder order, int outputsPerFeature, string name, RandomStream initialization)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A flow of maps without parameters of their own, on a standard normal distribution.</summary>
    public static Flow<T> Create<T>(
        AutoregressiveFlowSettings settings, Device? device, Univariate<T> univariate, int affineTransforms = 0, bool mapsNoise = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        StackedFlow.Create(settings, device, Layers(settings, (_, _) => univariate, affineTransforms), mapsNoise);

    /// <summary>The layers of maps that may have parameters of their own, with something between the transforms.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="univariate">Makes the map of a transform, of the prefix of its names and the source of its fresh numbers.</param>
    /// <param name="affineTransforms">How many affine transforms come first.</param>
    /// <param name="between">Makes what stands between two transforms, and has a number among them; null for nothing.</param>
    /// <param name="network">Makes the network of a transform; null for a multilayer perceptron of the settings' sizes.</param>
    public static List<Transform<T>> Layers<T>(
        AutoregressiveFlowSettings settings, Func<string, RandomStream, Univariate<T>> univariate, int affineTransforms = 0,
        Func<Transform<T>>? between = null, NetworkMaker<T>? network = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var layers = new List<Transform<T>>();
        int[] hiddenSizes = [.. settings.HiddenSizes];
        network ??= (order, outputs, name, initialization) => new MaskedMlp<T>(order, hiddenSizes, outputs, settings.Activation, $"{name}.hyper", initialization);
        for (var i = 0; i < affineTransforms; i++)
        {
            var order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures, descending: i % 2 == 1, settings.Passes);
            layers.Add(new MaskedAutoregressive<T>(
                new Affine<T>(AffineSlope), order, hiddenSizes, settings.Activation, AffineName(i), stream.Substream(AffineSubstream + (ulong)i)));
        }

        // Substreams of a seed: transform i draws its order from 2i and its weights from 2i + 1.
        for (var i = 0; i < settings.Transforms; i++)
        {
            if (between is not null && i > 0)
                layers.Add(between());
            var name = StackedFlow.TransformName(between is null ? i : 2 * i);
            var map = univariate(name, stream.Substream(OwnSubstream + (ulong)i));
            var initialization = stream.Substream((ulong)((2 * i) + 1));

            // With one feature there is nothing to be autoregressive in: the parameters depend on the context alone, or on nothing.
            layers.Add(settings.Features > 1
                ? new MaskedAutoregressive<T>(map, network(OrderOf(settings, stream, i), Univariate<T>.CountOf(map), name, initialization))
                : settings.ContextFeatures > 0
                    ? new Conditional<T>(map, 1, settings.ContextFeatures, hiddenSizes, settings.Activation, name, initialization)
                    : new Elementwise<T>(map, 1, name));
        }

        return layers;
    }

    /// <summary>The name of an affine transform in front of the splines.</summary>
    public static string AffineName(int index) => $"affine.{index}";

    private static AutoregressiveOrder OrderOf(AutoregressiveFlowSettings settings, RandomStream stream, int index)
    {
        if (!settings.RandomOrder)
            return AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures, descending: index % 2 == 1, settings.Passes);
        var permutation = new int[settings.Features];
        stream.Substream((ulong)(2 * index)).FillPermutation(permutation);
        return AutoregressiveOrder.InPasses(permutation, settings.ContextFeatures, settings.Passes);
    }
}
