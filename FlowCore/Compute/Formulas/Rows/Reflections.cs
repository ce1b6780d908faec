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
        for (var i = 0; i < shape.Columns; i++)
            c.Store(i, a.Load(i));
        for (var step = 0; step < shape.Rows; step++)
            Reflect(shape, First(shape, step), step * shape.Columns, b, c, d);
    }

    /// <summary>Where the vector of a step begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int First(in RowShape shape, int step) => (shape.Reversed != 0 ? shape.Rows - 1 - step : step) * shape.Columns;

    /// <summary>2 / vᵀv of vᵀv.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Scale(V square) => Constant<V, T>.Of(2) / V.Max(square, Constant<V, T>.Of(Kernels<T>.LeastReflectedSquare));

    // One reflection of c. The compiler takes few places where numbers are read, so both products are summed in one loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Reflect(in RowShape shape, int first, int place, C vectors, C c, C kept)
    {
        var square = Constant<V, T>.Zero;
        var product = square;
        for (var i = 0; i < shape.Columns; i++)
        {
            var (v, x) = (vectors.Load(first + i), c.Load(i));
            square = V.FusedMultiplyAdd(v, v, square);
            product = V.FusedMultiplyAdd(v, x, product);
            if (shape.HasFirst != 0)
                kept.Store(place + i, x);
        }

        var factor = Scale(square) * product;
        for (var i = 0; i < shape.Columns; i++)
            c.Store(i, V.FusedMultiplyAdd(-factor, vectors.Load(first + i), c.Load(i)));
    }
}
