using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// ln F, ln S and ln f − ln F − ln S of a mixture of Inner logistic distributions for each of Columns features: argument a, parameters b, results c; where HasFirst
/// d receives what <see cref="LogisticMixtureAdjoint{V, T, C}"/> needs.
/// </summary>
/// <remarks>
/// What is kept has a column of every feature for x, then for 1/F, 1/S and 1/f of the shifted sums and for what makes a tail of f one of F and of S; behind them
/// σ(−|u|) e^s of every component, feature by feature.
/// </remarks>
internal readonly struct LogisticMixture<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (count, columns) = (shape.Inner, shape.Columns);
        var (first, step) = (item * count, count * columns);
        var keeps = shape.HasFirst != 0;
        var x = a.Load(item);
        var shift = LogisticMixtureFormula<V, T>.Shift(x, b, first, count, step, out var isLeft, out var isRight);
        var one = Constant<V, T>.One;
        var decay = V.Exp(-shift);
        var (ofLower, ofUpper) = (V.Select(isLeft, one, decay), V.Select(isRight, one, decay));
        LogisticMixtureFormula<V, T>.Sum(
            x, b, first, count, step, shift, ofLower, ofUpper, d, keeps ? (Kernels<T>.KeptOfFeature * columns) + first : -1, out var lower, out var upper, out var density);
        var logSlope = LogisticMixtureFormula<V, T>.Logs(shift, isLeft, isRight, lower, upper, density, out var logLower, out var logUpper);
        c.Store(item, logLower);
        c.Store(columns + item, logUpper);
        c.Store((2 * columns) + item, logSlope);
        if (!keeps)
            return;
        d.Store(item, x);
        d.Store(columns + item, one / lower);
        d.Store((2 * columns) + item, one / upper);
        d.Store((3 * columns) + item, one / density);
        d.Store((4 * columns) + item, ofLower);
        d.Store((5 * columns) + item, ofUpper);
    }
}
