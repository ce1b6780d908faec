using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// d with op(A) d = c from the factors a and the exchanges b of <see cref="SmallLu{V, T, C}"/>; item j is a column of the Columns of c and d.
/// d may be c.
/// </summary>
internal readonly struct SmallLuSolve<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        for (var i = 0; i < shape.Rows; i++)
            d.Store((i * shape.Columns) + item, c.Load((i * shape.Columns) + item));
        if (shape.TransposeFirst == 0)
            Solve(shape.Rows, shape.Columns, item, a, b, d);
        else
            SolveTransposed(shape.Rows, shape.Columns, item, a, b, d);
    }

    /// <summary>Exchanges number k of a column with that of the row that the lane's pivot names, a row from k on; k is also given as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Exchange(C x, int k, int size, int columns, int column, V pivot, V step)
    {
        var kept = x.Load((k * columns) + column);
        var moved = kept;
        var row = step;
        for (var i = k + 1; i < size; i++)
        {
            row += Constant<V, T>.One;
            var hit = V.Equal(pivot, row);
            var value = x.Load((i * columns) + column);
            x.Store((i * columns) + column, V.Select(hit, kept, value));
            moved = V.Select(hit, value, moved);
        }

        x.Store((k * columns) + column, moved);
    }

    /// <summary>A x = x in place for one column, by P, L and U in turn.</summary>
    internal static void Solve(int size, int columns, int column, C a, C b, C x)
    {
        var step = Constant<V, T>.Zero;
        for (var k = 0; k < size; k++)
        {
            Exchange(x, k, size, columns, column, b.Load(k), step);
            step += Constant<V, T>.One;
        }

        for (var i = 1; i < size; i++)
        {
            var value = x.Load((i * columns) + column);
            for (var j = 0; j < i; j++)
                value = V.FusedMultiplyAdd(-a.Load((i * size) + j), x.Load((j * columns) + column), value);
            x.Store((i * columns) + column, value);
        }

        for (var i = size - 1; i >= 0; i--)
        {
            var value = x.Load((i * columns) + column);
            for (var j = i + 1; j < size; j++)
                value = V.FusedMultiplyAdd(-a.Load((i * size) + j), x.Load((j * columns) + column), value);
            x.Store((i * columns) + column, value / a.Load((i * size) + i));
        }
    }

    // Aᵀ x = x in place for one column, by Uᵀ, Lᵀ and Pᵀ in turn.
    private static void SolveTransposed(int size, int columns, int column, C a, C b, C x)
    {
        for (var i = 0; i < size; i++)
        {
            var value = x.Load((i * columns) + column);
            for (var j = 0; j < i; j++)
                value = V.FusedMultiplyAdd(-a.Load((j * size) + i), x.Load((j * columns) + column), value);
            x.Store((i * columns) + column, value / a.Load((i * size) + i));
        }

        var step = Constant<V, T>.Zero;
        for (var i = size - 2; i >= 0; i--)
        {
            step += Constant<V, T>.One;
            var value = x.Load((i * columns) + column);
            for (var j = i + 1; j < size; j++)
                value = V.FusedMultiplyAdd(-a.Load((j * size) + i), x.Load((j * columns) + column), value);
            x.Store((i * columns) + column, value);
        }

        for (var k = size - 1; k >= 0; k--)
        {
            Exchange(x, k, size, columns, column, b.Load(k), step);
            step -= Constant<V, T>.One;
        }
    }
}
