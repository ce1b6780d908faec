using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>Φ(x), the place of a normal number in its distribution: a uniform number made of a normal one.</summary>
internal static class NormalPlace
{
    /// <summary>Φ(x) as x Φ(x) / x; 0 for x = 0, which a normal number is with probability 0.</summary>
    public static Variable<T> Of<T>(Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var smallest = T.CreateTruncating(typeof(T) == typeof(double) ? 2.2250738585072014e-308 : 1.17549435e-38);
        return x.Gelu() / (x + smallest);
    }
}
