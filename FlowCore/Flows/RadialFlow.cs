using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The radial flow (Rezende and Mohamed 2015): n layers v + β (v − v₀) / (α + |v − v₀|), each of which spreads or draws together the points around a centre, on a standard normal distribution.
/// </summary>
/// <remarks>
/// Both directions are closed and cost 3D a row and layer, with D + 2 numbers a layer. <see cref="LowRankFlowSettings.MapsNoise"/> makes f lead from noise to data, as in the paper. A layer knows one
/// centre and is the identity far from it: take it for a bump or a hole in something nearly normal, or to compare, not where features depend on each other in many ways.
/// </remarks>
public static class RadialFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(RadialFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        return LowRankFlow.Create<T>(settings, device, (name, stream) => new Radial<T>(settings.Features, name, stream));
    }

    /// <summary>Creates a fresh flow with default settings.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static Flow<T> Create<T>(int features, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(new RadialFlowSettings { Features = features, Seed = seed }, device);
}
