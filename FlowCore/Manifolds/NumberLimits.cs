using System.Numerics;

namespace FlowCore.Manifolds;

/// <summary>Limits of a number type that charts need.</summary>
internal static class NumberLimits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsDouble => typeof(T) == typeof(double);

    /// <summary>The smallest positive normal number: the quantile of it ends the base points of boundary states (±37.5 in double, ±12.9 in single).</summary>
    public static T SmallestNormal { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? 2.2250738585072014e-308 : 1.17549435e-38);

    /// <summary>The distance of 1 to the next number.</summary>
    public static T Epsilon { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1);

    /// <summary>How far the norm of a given unit vector, or the sum of a given simplex point, may be from 1.</summary>
    public static T EmbeddingTolerance { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? 1e-6 : 1e-3);
}
