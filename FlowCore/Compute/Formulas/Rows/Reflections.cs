using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// y = … H₂ H₁ x of reflections H = 1 − 2 v vᵀ / vᵀv: argument a of Columns numbers, Rows vectors b, y c; where HasFirst d receives what each reflection meets.
/// Reversed, the last vector comes first. A vector of zeros reflects nothing.
/// </summary>
internal readonly struct Reflections<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var size = shape.Columns;
        for (var i = 0; i < size; i++)
            c.Store(i, a.Load(i));
        for (var step = 0; step < shape.Rows; step++)
        {
            var first = First(shape, step);
            for (var i = 0; i < size && shape.HasFirst != 0; i++)
                d.Store((step * size) + i, c.Load(i));
            var factor = Scale(Product(b, first, b, first, size)) * Product(c, 0, b, first, size);
            for (var i = 0; i < size; i++)
                c.Store(i, V.FusedMultiplyAdd(-factor, b.Load(first + i), c.Load(i)));
        }
    }

    /// <summary>Where the vector of a step begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int First(in RowShape shape, int step) => (shape.Reversed != 0 ? shape.Rows - 1 - step : step) * shape.Columns;

    /// <summary>2 / vᵀv of vᵀv.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Scale(V square) => Constant<V, T>.Of(2) / V.Max(square, Constant<V, T>.Of(Kernels<T>.LeastReflectedSquare));

    /// <summary>The inner product of numbers that begin in given columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Product(C a, int firstOfA, C b, int firstOfB, int size)
    {
        var sum = Constant<V, T>.Zero;
        for (var i = 0; i < size; i++)
            sum = V.FusedMultiplyAdd(a.Load(firstOfA + i), b.Load(firstOfB + i), sum);
        return sum;
    }
}
