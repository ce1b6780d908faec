using System.Numerics;

namespace FlowCore.Compute;

/// <summary>a = b bᵀ with b lower triangular, of Rows × Rows, in every row, and c = ln det a. Of a the lower triangle is read; one item.</summary>
/// <remarks>Golub and Van Loan, "Matrix Computations", section 4.2. A matrix that is not positive definite gives NaN.</remarks>
internal readonly struct SmallCholesky<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var size = shape.Rows;
        var logarithm = Constant<V, T>.Zero;
        for (var j = 0; j < size; j++)
        {
            var square = a.Load((j * size) + j);
            for (var k = 0; k < j; k++)
            {
                var element = b.Load((j * size) + k);
                square = V.FusedMultiplyAdd(-element, element, square);
            }

            var diagonal = V.Sqrt(square);
            logarithm += V.Log(diagonal);
            b.Store((j * size) + j, diagonal);
            for (var i = j + 1; i < size; i++)
            {
                var value = a.Load((i * size) + j);
                for (var k = 0; k < j; k++)
                    value = V.FusedMultiplyAdd(-b.Load((i * size) + k), b.Load((j * size) + k), value);
                b.Store((i * size) + j, value / diagonal);
                b.Store((j * size) + i, Constant<V, T>.Zero);
            }
        }

        c.Store(0, logarithm + logarithm);
    }
}
