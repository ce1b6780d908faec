using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The Bernstein polynomial flow (Ramasinghe, Fernando, Khan and Barnes 2021): masked autoregressive polynomials that rise on [−B, B] on a standard normal distribution, numerically as zuko's BPF
/// but for its step at the ends.
/// </summary>
/// <remarks>
/// A density costs one evaluation of each network and of a polynomial a feature; a sample solves for each feature. Universal as the degree grows, slowly. Smooth, where splines have knots: take it where derivatives
/// of the density matter. Data belong within B: standardize them.
/// </remarks>
public static class BernsteinFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(BernsteinFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return AutoregressiveFlow.Create(settings, device, new BernsteinPolynomial<T>(settings.Polynomial));
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
        Create<T>(new BernsteinFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
