using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The affine map y = x·e^s + t and its inverse, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, "Masked Autoregressive Flow for Density Estimation", equation 4. The log-scale
/// is s = a / (1 + |a|·rate) of an unconstrained a, with rate = 1 / |ln S|, or 0 for s = a.
/// </remarks>
internal static class AffineFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>s, and factor f with ds/da = f².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LogScale(V raw, V rate, out V factor) => SplineFormula<V, T>.Limit(raw, rate, out factor);

    /// <summary>The result of the direction taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(bool inverse, V x, V logScale, V shift) =>
        inverse ? (x - shift) * V.Exp(-logScale) : V.FusedMultiplyAdd(x, V.Exp(logScale), shift);

    /// <summary>The adjoints of argument, log-scale and shift; gl belongs to s forward and to −s inverse.</summary>
    /// <remarks>Forward: x̄ = ȳ e^s, t̄ = ȳ, s̄ = ȳ x e^s + gl. Inverse: x̄ = ȳ e^−s, t̄ = −x̄, s̄ = −ȳ y − gl.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Adjoint(bool inverse, V x, V logScale, V shift, V gy, V gl, out V dx, out V dlogScale, out V dshift)
    {
        if (inverse)
        {
            dx = gy * V.Exp(-logScale);
            dshift = -dx;
            dlogScale = -V.FusedMultiplyAdd(dx, x - shift, gl);
        }
        else
        {
            dx = gy * V.Exp(logScale);
            dshift = gy;
            dlogScale = V.FusedMultiplyAdd(dx, x, gl);
        }
    }
}
