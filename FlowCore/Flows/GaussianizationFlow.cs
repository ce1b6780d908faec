using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The Gaussianization flow (Meng et al. 2020): mixtures of normals that make each feature normal, with rotations between, on a standard normal distribution,
/// numerically as zuko's GF.
/// </summary>
/// <remarks>
/// A density costs K normal distribution functions a number and a rotation a layer, and no network without context. A sample solves for each feature, all at once.
/// Universal as the layers grow. It starts from data (<see cref="DataStart"/>): maps at their quantiles and, if so set, rotations at the principal axes of what reaches them.
/// </remarks>
public static class GaussianizationFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(GaussianizationFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var stream = new RandomStream(settings.Seed);
        var layers = new List<Transform<T>>();
        int[] hiddenSizes = [.. settings.HiddenSizes];
        for (var i = 0; i < settings.Transforms; i++)
        {
            // Transform i draws its weights from substream 2i, the rotation in front of it from 2i + 1.
            if (i > 0)
            {
                layers.Add(new RotationLinear<T>(
                    settings.Features, StackedFlow.TransformName((2 * i) - 1), stream.Substream((ulong)((2 * i) + 1)), isStarted: !settings.RotatesByData));
            }

            var map = new Gaussianization<T>(settings.Components, settings.Squeeze);
            var name = StackedFlow.TransformName(2 * i);
            layers.Add(settings.ContextFeatures > 0
                ? new Conditional<T>(map, settings.Features, settings.ContextFeatures, hiddenSizes, settings.Activation, name, stream.Substream((ulong)(2 * i)))
                : new Elementwise<T>(map, settings.Features, name));
        }

        return StackedFlow.Create(settings, device, layers);
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh weights.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new GaussianizationFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
