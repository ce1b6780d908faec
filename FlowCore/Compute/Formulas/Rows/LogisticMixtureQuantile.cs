using System.Numerics;

namespace FlowCore.Compute;

/// <summary>The argument c of which <see cref="LogisticMixture{V, T, C}"/> gives the log odds a, with parameters b, but for a last step of Newton's.</summary>
/// <remarks>
/// F is a mean of the components' F_k, so the root lies between the components' own quantiles m + ζ/r. A register of rows ends when all its lanes have; those that
/// ended before are left as they are.
/// </remarks>
internal readonly struct LogisticMixtureQuantile<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    // The longest way: bisection of the bracket to the last bit.
    private const int MostSteps = 100;

    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var target = a.Load(item);
        var first = item * shape.Inner;
        var step = shape.Inner * shape.Columns;
        var lower = b.Load(first) + (target / b.Load(first + step));
        var upper = lower;
        var x = lower * b.Load(first + (2 * step));
        for (var k = first + 1; k < first + shape.Inner; k++)
        {
            var own = b.Load(k) + (target / b.Load(k + step));
            lower = V.Min(lower, own);
            upper = V.Max(upper, own);
            x = V.FusedMultiplyAdd(own, b.Load(k + (2 * step)), x);
        }

        var length = lower - upper;
        var done = Constant<V, T>.Zero;
        for (var i = 0; i < MostSteps; i++)
        {
            var shift = LogisticMixtureFormula<V, T>.Shift(x, b, first, shape.Inner, step, out var isLeft, out var isRight);
            var decay = V.Exp(-shift);
            var one = Constant<V, T>.One;
            LogisticMixtureFormula<V, T>.Sum(
                x, b, first, shape.Inner, step, shift, V.Select(isLeft, one, decay), V.Select(isRight, one, decay), c, -1, out var below, out var above, out var density);
            var logSlope = LogisticMixtureFormula<V, T>.Logs(shift, isLeft, isRight, below, above, density, out var logBelow, out var logAbove);
            RootFormula<V, T>.Step(target, logBelow - logAbove, logSlope, ref x, ref lower, ref upper, ref length, ref done);
            if (V.All(V.Equal(done, Constant<V, T>.One)))
                break;
        }

        c.Store(item, x);
    }
}
