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
/// Universal as the layers grow. It starts from data (<see cref="DataStart"/>).
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
        if (settings.Features < 1)
            throw new ArgumentException($"Expected at least 1 feature, got {settings.Features}.", nameof(settings));
        if (settings.ContextFeatures < 0)
            throw new ArgumentException($"Expected 0 or more context features, got {settings.ContextFeatures}.", nameof(settings));
        if (settings.Transforms < 1)
            throw new ArgumentException($"Expected at least 1 transform, got {settings.Transforms}.", nameof(settings));
        var stream = new RandomStream(settings.Seed);
        var parts = new List<Transform<T>>();
        int[] hiddenSizes = [.. settings.HiddenSizes];
        for (var i = 0; i < settings.Transforms; i++)
        {
            // Transform i draws its weights from substream 2i, the rotation in front of it from 2i + 1.
            if (i > 0)
                parts.Add(new RotationLinear<T>(settings.Features, AutoregressiveFlow.TransformName((2 * i) - 1), stream.Substream((ulong)((2 * i) + 1))));
            var map = new Gaussianization<T>(settings.Components, settings.Squeeze);
            var name = AutoregressiveFlow.TransformName(2 * i);
            parts.Add(settings.ContextFeatures > 0
                ? new Conditional<T>(map, settings.Features, settings.ContextFeatures, hiddenSizes, settings.Activation, name, stream.Substream((ulong)(2 * i)))
                : new Elementwise<T>(map, settings.Features, name));
        }

        return new Flow<T>(new StandardNormal<T>(settings.Features), new Composition<T>(settings.Features, parts), device);
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
