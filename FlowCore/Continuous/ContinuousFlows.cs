using System.Numerics;

namespace FlowCore.Continuous;

/// <summary>Makes continuous flows in one line.</summary>
public static class ContinuousFlow
{
    /// <summary>Creates a fresh flow: a velocity of three hidden layers of 128, at rest, so that the flow is the identity.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="seed">The seed of the fresh weights.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    public static ContinuousFlow<T> Create<T>(int features, int contextFeatures = 0, ulong seed = 0, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(new ContinuousFlowSettings { Features = features, ContextFeatures = contextFeatures, Seed = seed }, device);
}
