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
        var (count, columns) = (shape.Inner, shape.Columns);
        var (first, step) = (item * count, count * columns);
        var x = a.Load(item);
        var shift = LogisticMixtureFormula<V, T>.Shift(x, b, first, count, step, out var isRight);
        LogisticMixtureFormula<V, T>.Sum(x, b, first, count, step, shift, V.Exp(-shift), out var lower, out var upper, out var density);
        var logLower = V.Log(lower);
        var logUpper = V.Log(upper);
        var zero = Constant<V, T>.Zero;
        c.Store(item, logLower - V.Select(isRight, zero, shift));
        c.Store(columns + item, logUpper - V.Select(isRight, shift, zero));
        c.Store((2 * columns) + item, V.Log(density) - logLower - logUpper);
    }
}
