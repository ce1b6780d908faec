using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The masked autoregressive flow (Papamakarios, Pavlakou and Murray 2017) in the form of nflows: n times a permutation and an affine map by a residual MADE, on a standard normal distribution.
/// </summary>
/// <remarks>
/// z_j = s_j x_j + t_j with s_j and t_j of the features of lower rank, as in a <see cref="MaskedAffineFlow"/>, whose orders alternate where here features are permuted. A density costs one evaluation of each network,
/// a sample one rank by rank. A mixture that no such map straightens stays one: universal it is not, though many layers go far. Take it for weights from that library, or where its residual
/// networks train better; take a <see cref="NeuralSplineFlow"/> where densities have several peaks.
/// </remarks>
public static class PermutedAutoregressiveFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(PermutedAutoregressiveFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var layers = new List<Transform<T>>();
        var order = AutoregressiveOrder.Natural(settings.Features, settings.ContextFeatures);
        for (var i = 0; i < settings.Transforms; i++)
        {
            // Transform i draws its permutation from substream 2i and its weights from 2i + 1.
            layers.Add(settings.RandomPermutations
                ? Permutation<T>.Drawn(settings.Features, stream.Substream((ulong)(2 * i)))
                : Permutation<T>.Reversal(settings.Features));
            var map = new Affine<T>(settings.Map);
            var name = StackedFlow.TransformName(i);
            var transform = new MaskedAutoregressive<T>(
                map, new Made<T>(order, map.ParametersPerFeature, settings.Network, $"{name}.autoregressive_net", stream.Substream((ulong)((2 * i) + 1))));
            if (settings.StartsAtIdentity)
                transform.StartAtIdentity();
            layers.Add(transform);
            if (settings.BatchNormalization)
                layers.Add(new BatchNormalization<T>(settings.Features, $"normalization.{i}"));
        }

        return StackedFlow.Create(settings, device, layers);
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new PermutedAutoregressiveFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
