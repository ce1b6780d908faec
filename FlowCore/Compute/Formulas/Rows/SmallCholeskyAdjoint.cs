using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// The adjoint of <see cref="SmallCholesky{V, T, C}"/>: factor a, adjoints b of the factor and c of ln det (each may be left out), adjoint d of
/// the matrix, to whose lower triangle is added, and e, working memory of Rows × Rows; one item.
/// </summary>
/// <remarks>The factorisation's steps in reverse order, as in Murray 2016, "Differentiation of the Cholesky decomposition", section 4.1.</remarks>
internal readonly struct SmallCholeskyAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var size = shape.Rows;
        var zero = Constant<V, T>.Zero;
        var two = Constant<V, T>.Of(2);
        var logAdjoint = shape.HasSecond != 0 ? two * c.Load(0) : zero;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
                e.Store((i * size) + j, shape.HasFirst != 0 ? b.Load((i * size) + j) : zero);
            if (shape.HasSecond != 0)
                e.Store((i * size) + i, e.Load((i * size) + i) + (logAdjoint / a.Load((i * size) + i)));
        }

        for (var j = size - 1; j >= 0; j--)
        {
            var diagonal = a.Load((j * size) + j);
            var ofDiagonal = e.Load((j * size) + j);
            for (var i = size - 1; i > j; i--)
            {
                var g = e.Load((i * size) + j) / diagonal;
                d.Store((i * size) + j, d.Load((i * size) + j) + g);
                ofDiagonal = V.FusedMultiplyAdd(-g, a.Load((i * size) + j), ofDiagonal);
                for (var k = 0; k < j; k++)
                {
                    e.Store((i * size) + k, V.FusedMultiplyAdd(-g, a.Load((j * size) + k), e.Load((i * size) + k)));
                    e.Store((j * size) + k, V.FusedMultiplyAdd(-g, a.Load((i * size) + k), e.Load((j * size) + k)));
                }
            }

            var half = ofDiagonal / (two * diagonal);
            d.Store((j * size) + j, d.Load((j * size) + j) + half);
            var twice = two * half;
            for (var k = 0; k < j; k++)
                e.Store((j * size) + k, V.FusedMultiplyAdd(-twice, a.Load((j * size) + k), e.Load((j * size) + k)));
        }
    }
}
