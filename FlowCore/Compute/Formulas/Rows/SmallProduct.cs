using System.Numerics;

namespace FlowCore.Compute;

/// <summary>c (±)= op(a) op(b): a small matrix product in every row, c of Rows × Columns; item i is a row of c.</summary>
internal readonly struct SmallProduct<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (firstStart, firstStep) = shape.TransposeFirst != 0 ? (item, shape.Rows) : (item * shape.Inner, 1);
        for (var j = 0; j < shape.Columns; j++)
        {
            if (!shape.Contains(item, j))
                continue;
            var (secondStart, secondStep) = shape.TransposeSecond != 0 ? (j * shape.Inner, 1) : (j, shape.Columns);
            var sum = Constant<V, T>.Zero;
            for (var k = 0; k < shape.Inner; k++)
                sum = V.FusedMultiplyAdd(a.Load(firstStart + (k * firstStep)), b.Load(secondStart + (k * secondStep)), sum);
            var at = (item * shape.Columns) + j;
            if (shape.Accumulate > 0)
                sum = c.Load(at) + sum;
            else if (shape.Accumulate < 0)
                sum = c.Load(at) - sum;
            c.Store(at, sum);
        }
    }
}
