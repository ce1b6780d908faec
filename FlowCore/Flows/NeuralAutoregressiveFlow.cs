using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The neural autoregressive flow (Huang, Krueger, Lacoste and Courville 2018): masked autoregressive networks that rise with their argument on a standard normal
/// distribution, numerically as zuko's NAF.
/// </summary>
/// <remarks>A density costs one evaluation of each network; a sample solves for each feature. Universal. Take it for shapes that splines of few bins miss.</remarks>
public static class NeuralAutoregressiveFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(NeuralAutoregressiveFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return AutoregressiveFlow.Create(
            settings, device,
            (name, stream) => new MonotoneNetwork<T>(settings.Features, $"{name}.univariate", settings.Signals, settings.NetworkSizes, stream),
            between: () => new Elementwise<T>(new Softclip<T>(settings.Bound, isOnto: true), settings.Features));
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
        Create<T>(new NeuralAutoregressiveFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
