using System.Numerics;

namespace FlowCore.Compute;

/// <summary>c with op(a) c = b for a triangular a of Rows × Rows in every row; item j is a column of the Columns of b and c. c may be b.</summary>
internal readonly struct SmallTriangularSolve<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        // The transpose of a lower triangle is an upper one.
        var forward = (shape.Region == (int)MatrixRegion.Lower) == (shape.TransposeFirst == 0);
        var size = shape.Rows;
        for (var step = 0; step < size; step++)
        {
            var i = forward ? step : size - 1 - step;
            var value = b.Load((i * shape.Columns) + item);
            for (var solved = 0; solved < step; solved++)
            {
                var j = forward ? solved : size - 1 - solved;
                var element = a.Load(shape.TransposeFirst != 0 ? (j * size) + i : (i * size) + j);
                value = V.FusedMultiplyAdd(-element, c.Load((j * shape.Columns) + item), value);
            }

            if (shape.UnitDiagonal == 0)
                value /= a.Load((i * size) + i);
            c.Store((i * shape.Columns) + item, value);
        }
    }
}
