using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// P a = L U with partial pivoting, each row of events by itself: b holds U and below its diagonal L without its unit diagonal, c for each step the row
/// that was exchanged, d = ln |det a| and e its sign, 1 or −1; one item.
/// </summary>
/// <remarks>Golub and Van Loan, "Matrix Computations", section 3.4. Lanes choose different rows, so an exchange is a selection. A singular matrix has d = −∞.</remarks>
internal readonly struct SmallLu<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var size = shape.Rows;
        var zero = Constant<V, T>.Zero;
        var one = Constant<V, T>.One;
        for (var i = 0; i < size * size; i++)
            b.Store(i, a.Load(i));
        var sign = one;
        var logarithm = zero;
        var step = zero;
        for (var k = 0; k < size; k++)
        {
            var pivot = ChoosePivot(b, k, size, step);
            c.Store(k, pivot);
            for (var j = 0; j < size; j++)
                SmallLuSolve<V, T, C>.Exchange(b, k, size, size, j, pivot, step);
            sign = V.Select(V.Equal(pivot, step), sign, -sign);
            var diagonal = b.Load((k * size) + k);
            sign = V.Select(V.LessThan(diagonal, zero), -sign, sign);
            logarithm += V.Log(V.Abs(diagonal));

            // Where the largest number is 0 all below it are, too: nothing is left to eliminate.
            var singular = V.Equal(diagonal, zero);
            for (var i = k + 1; i < size; i++)
            {
                var factor = V.Select(singular, zero, b.Load((i * size) + k) / diagonal);
                b.Store((i * size) + k, factor);
                for (var j = k + 1; j < size; j++)
                    b.Store((i * size) + j, V.FusedMultiplyAdd(-factor, b.Load((k * size) + j), b.Load((i * size) + j)));
            }

            step += one;
        }

        d.Store(0, logarithm);
        e.Store(0, sign);
    }

    // The row from k on with the largest number in column k, the first of equal ones; k is also given as a number.
    private static V ChoosePivot(C b, int k, int size, V step)
    {
        var pivot = step;
        var row = step;
        var largest = V.Abs(b.Load((k * size) + k));
        for (var i = k + 1; i < size; i++)
        {
            row += Constant<V, T>.One;
            var value = V.Abs(b.Load((i * size) + k));
            var larger = V.LessThan(largest, value);
            largest = V.Select(larger, value, largest);
            pivot = V.Select(larger, row, pivot);
        }

        return pivot;
    }
}
