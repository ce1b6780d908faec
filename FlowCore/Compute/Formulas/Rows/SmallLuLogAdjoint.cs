using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// The adjoint of ln |det A|: d += c A⁻ᵀ from the factors a and the exchanges b of <see cref="SmallLu{V, T, C}"/>; item j is a row of d, and
/// e working memory of Rows × Rows.
/// </summary>
/// <remarks>Giles 2008, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.2.3.</remarks>
internal readonly struct SmallLuLogAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        // Column j of the inverse is row j of its transpose.
        var size = shape.Rows;
        for (var i = 0; i < size; i++)
            e.Store((i * size) + item, i == item ? Constant<V, T>.One : Constant<V, T>.Zero);
        SmallLuSolve<V, T, C>.Solve(size, size, item, a, b, e);
        var adjoint = c.Load(0);
        for (var i = 0; i < size; i++)
            d.Store((item * size) + i, V.FusedMultiplyAdd(adjoint, e.Load((i * size) + item), d.Load((item * size) + i)));
    }
}
