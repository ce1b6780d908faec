using System.Numerics;

namespace FlowCore.Compute;

/// <summary>Whether constants, which are given in double, are numbers in the type that computes.</summary>
internal static class ConstantRange
{
    /// <summary>Refuses a constant that the type does not hold.</summary>
    /// <typeparam name="T">The type that computes.</typeparam>
    /// <param name="value">The constant, finite.</param>
    /// <param name="what">What it is, for the message: "The bound".</param>
    /// <param name="name">The parameter that gave it.</param>
    /// <exception cref="ArgumentException">The constant is infinite in the type.</exception>
    public static void CheckLarge<T>(double value, string what, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(T.CreateTruncating(value)))
            throw new ArgumentException($"{what} {value} is too large for {NameOf<T>()}.", name);
    }

    /// <summary>Refuses a constant that the type does not hold, or that is zero in it though it is not.</summary>
    /// <typeparam name="T">The type that computes.</typeparam>
    /// <param name="value">The constant, finite.</param>
    /// <param name="what">What it is, for the message: "The scale".</param>
    /// <param name="name">The parameter that gave it.</param>
    /// <exception cref="ArgumentException">The constant is infinite, or zero, in the type.</exception>
    public static void Check<T>(double value, string what, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckLarge<T>(value, what, name);
        if (value != 0 && T.IsZero(T.CreateTruncating(value)))
            throw new ArgumentException($"{what} {value} is too small for {NameOf<T>()}.", name);
    }

    /// <summary>Refuses a constant that the type does not hold, or whose reciprocal it does not.</summary>
    /// <typeparam name="T">The type that computes.</typeparam>
    /// <param name="value">The constant, finite and not zero.</param>
    /// <param name="what">What it is, for the message: "The scale".</param>
    /// <param name="name">The parameter that gave it.</param>
    /// <exception cref="ArgumentException">The constant or its reciprocal is infinite, or zero, in the type.</exception>
    public static void CheckDivisor<T>(double value, string what, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check<T>(value, what, name);
        if (!T.IsFinite(T.CreateTruncating(1 / value)))
            throw new ArgumentException($"{what} {value} is too small for {NameOf<T>()}.", name);
    }

    private static string NameOf<T>() => typeof(T) == typeof(float) ? "float" : typeof(T) == typeof(double) ? "double" : typeof(T).Name;
}
