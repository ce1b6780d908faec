using System.Numerics;

namespace FlowCore.Numerics;

/// <summary>Limits of a number type.</summary>
internal static class NumberLimits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest positive number with all its digits.</summary>
    public static T SmallestNormal { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? 2.2250738585072014e-308 : 1.17549435e-38);

    /// <summary>The largest number.</summary>
    public static T Largest { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? double.MaxValue : float.MaxValue);

    /// <summary>The distance of 1 to the next number.</summary>
    public static T Epsilon { get; } = T.CreateTruncating(typeof(T) == typeof(double) ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1);
}
