using System.Numerics;
using FlowCore.Autodiff;

namespace QuickStart;

/// <summary>Hyperbolic functions composed of the tape's functions.</summary>
internal static class Hyperbolic
{
    /// <summary>(e^x − e^−x) / 2.</summary>
    public static Variable<T> Sinh<T>(Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (x.Expm1() - (-x).Expm1()) * T.CreateTruncating(0.5);

    /// <summary>ln cosh x, without overflow.</summary>
    public static Variable<T> LogCosh<T>(Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (x + x).Softplus() - x - T.CreateTruncating(Math.Log(2));

    /// <summary>asinh x, from its positive and its negative part, neither of which cancels.</summary>
    public static Variable<T> Asinh<T>(Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var positive = x.ReLU();
        return OfPositive(positive) - OfPositive(positive - x);
    }

    private static Variable<T> OfPositive<T>(Variable<T> p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var square = p.Square();
        return (p + (square / ((square + T.One).Sqrt() + T.One))).Log1p();
    }
}
