using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The Sylvester flow (van den Berg, Hasenclever, Tomczak and Welling 2018): n layers v + Q R tanh(R̃ Qᵀv + b), each M planar ones at once, on a standard normal distribution.
/// </summary>
/// <remarks>
/// f costs 2D² + 2M² a row and layer; its inverse M searches for a root, one after the other. <see cref="LowRankFlowSettings.MapsNoise"/> makes f lead from noise to data, as in the paper. It starts near
/// the identity. Take it where a planar flow needs too many layers and a network is too much.
/// </remarks>
public static class SylvesterFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(SylvesterFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return LowRankFlow.Create<T>(settings, device, (name, stream) => new Sylvester<T>(settings.Features, settings.Directions, name, stream));
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new SylvesterFlowSettings { Features = features, Seed = seed }, device);
}
