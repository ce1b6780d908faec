using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The map of the polynomial residual for given log-scale s and shift t, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// y = x·e^s + t with s and t polynomials of the second degree in the nuisances, each term formed by <see cref="Add"/>. The
/// adjoints of the map are those of <see cref="AffineFormula{V, T}"/>.
/// </remarks>
internal static class ResidualFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>sum + coefficient·factor: a term with its power of the nuisances, which is zero at the central values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Add(V sum, V coefficient, V factor) => V.FusedMultiplyAdd(coefficient, factor, sum);

    /// <summary>The result of the direction taken; x itself, to the bit, where s and t are zero.</summary>
    /// <remarks>Without the exception −0·e^0 + 0 would be +0.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(bool inverse, V x, V logScale, V shift)
    {
        var zero = V.Create(T.Zero);
        return V.Select(V.Equal(logScale, zero) & V.Equal(shift, zero), x, AffineFormula<V, T>.Value(inverse, x, logScale, shift));
    }
}
