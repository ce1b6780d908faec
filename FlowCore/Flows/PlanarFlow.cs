using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>
/// The planar flow (Rezende and Mohamed 2015): n layers v + û h(wᵀv + b), each of which moves the points along one direction, on a standard normal distribution.
/// </summary>
/// <remarks>
/// <para>
/// f costs 2D a row and layer; its inverse a search for one root a row and layer, closed for the leaky ReLU. With <see cref="LowRankFlowSettings.MapsNoise"/> f leads from noise to data, as in the paper: fast samples
/// with their densities, which is what variational inference needs. Of itself f leads from data to noise: fast densities, for a fit to data.
/// </para>
/// <para>
/// Few numbers, 2D + 1 a layer, and with a context a network that gives them. A layer bends along one direction, so many are needed as D grows: in practice up to some ten dimensions. Take it to
/// learn or to compare; splines fit better with fewer layers.
/// </para>
/// </remarks>
public static class PlanarFlow
{
    /// <summary>Creates a fresh flow.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Flow<T> Create<T>(PlanarFlowSettings settings, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (features, context) = (settings.Features, settings.ContextFeatures);
        return LowRankFlow.Create<T>(settings, device, (name, stream) => context == 0
            ? new Planar<T>(features, name, settings.Function, settings.Slope, stream)
            : new Planar<T>(
                features, new Mlp<T>([context, .. settings.HiddenSizes, (2 * features) + 1], settings.Activation, $"{name}.hyper", stream), settings.Function, settings.Slope));
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
        Create<T>(new PlanarFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
