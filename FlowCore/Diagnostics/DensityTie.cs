using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>Densities that rounding cannot tell apart.</summary>
internal static class DensityTie
{
    /// <summary>How far ln q of a draw may be from that of an event and still be equal to it: they come from different directions of the flow.</summary>
    public static double WidthOf<T>(double logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.IsFinite(logDensity) ? (typeof(T) == typeof(double) ? 1e-13 : 1e-5) * Math.Max(1, Math.Abs(logDensity)) : 0;
}
