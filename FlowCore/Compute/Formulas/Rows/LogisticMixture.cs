using System.Numerics;

namespace FlowCore.Compute;

/// <summary>ln F, ln S and ln f − ln F − ln S of a mixture of Inner logistic distributions for each of Columns features: argument a, parameters b, results c.</summary>
internal readonly struct LogisticMixture<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        LogisticMixtureFormula<V, T>.Sum(a.Load(item), b, item * shape.Inner, shape.Inner, shape.Inner * shape.Columns, out var sums);
        var lower = V.Log(sums.Lower);
        var upper = V.Log(sums.Upper);
        var zero = Constant<V, T>.Zero;
        c.Store(item, lower - V.Select(sums.IsRight, zero, sums.Shift));
        c.Store(shape.Columns + item, upper - V.Select(sums.IsRight, sums.Shift, zero));
        c.Store((2 * shape.Columns) + item, V.Log(sums.Density) - lower - upper);
    }
}
