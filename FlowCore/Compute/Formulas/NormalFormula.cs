using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The log-density of the diagonal normal distribution, feature by feature, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// ln p(x) = Σ (−z²/2 − ln σ − ln(2π)/2) with z = (x − μ) / σ. By parts: ∂/∂x = −z/σ, ∂/∂μ = z/σ, ∂/∂σ = (z² − 1)/σ.
/// </remarks>
internal static class NormalFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>ln(2π) / 2.</summary>
    internal const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>z for a location and the reciprocal of a scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Standardise(V x, V location, V reciprocal) => (x - location) * reciprocal;

    /// <summary>The log-density, of Σ z² and −Σ (ln σ + ln(2π)/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(V squares, V constant) => V.FusedMultiplyAdd(squares, Constant<V, T>.Of(-0.5), constant);

    /// <summary>The three adjoints, each still to be multiplied by 1/σ; that of x comes with the opposite sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Adjoint(V z, V adjoint, out V minusByArgument, out V byLocation, out V byScale)
    {
        var product = adjoint * z;
        minusByArgument = product;
        byLocation = product;
        byScale = V.FusedMultiplyAdd(product, z, -adjoint);
    }
}
