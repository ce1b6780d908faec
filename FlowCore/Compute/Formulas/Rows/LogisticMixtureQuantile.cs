using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The x of which <see cref="LogisticMixture{V, T, C}"/> gives the log odds a, with parameters b: c receives x, d the logarithm of the derivative g' of the log
/// odds there and the derivative of that logarithm.
/// </summary>
/// <remarks>
/// F is a mean of the components' F_k, so the root lies between the components' own quantiles m + ζ/r. The first guess is the quantile of the one logistic
/// distribution of the same mean and variance; the steps are those of <see cref="RootStep{V, T}"/>.
/// </remarks>
internal readonly struct LogisticMixtureQuantile<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (first, step) = (item * shape.Inner, shape.Inner * shape.Columns);
        var target = a.Load(item);
        var root = Start(target, b, first, shape.Inner, step, out var largestRate);
        var noise = V.Constant(2.4e-7f, 4.5e-16) * (Constant<V, T>.One + V.Abs(target));
        var shortest = V.Constant(7e-3f, 1e-5) / largestRate;
        for (var i = 0; i < RootStep<V, T>.Most; i++)
        {
            var odds = LogisticMixtureFormula<V, T>.LogOdds(root.X, b, first, shape.Inner, step, out var scaled, out var scale, out var bend, out var twist);
            if (root.Take(odds - target, noise, scaled, scale, bend, twist, shortest))
                break;
        }

        c.Store(item, V.Select(V.Equal(target, target), root.X, target));
        d.Store(item, root.LogSlope());
        d.Store(shape.Columns + item, root.Change);
    }

    // The bracket and the guess.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RootStep<V, T> Start(V target, C parameters, int first, int count, int step, out V largestRate)
    {
        // The variance of a logistic distribution of width h is π² h² / 3.
        var share = Constant<V, T>.Of(3 / (Math.PI * Math.PI));
        var rate = parameters.Load(first + step);
        var least = V.FusedMultiplyAdd(target, Constant<V, T>.One / rate, parameters.Load(first));
        var most = least;
        var largest = rate;
        var (mean, square) = (Constant<V, T>.Zero, Constant<V, T>.Zero);
        for (var k = first; k < first + count; k++)
        {
            var (centre, weight) = (parameters.Load(k), parameters.Load(k + (2 * step)));
            rate = parameters.Load(k + step);
            var width = Constant<V, T>.One / rate;
            var own = V.FusedMultiplyAdd(target, width, centre);
            least = V.Min(least, own);
            most = V.Max(most, own);
            largest = V.Max(largest, rate);
            mean = V.FusedMultiplyAdd(weight, centre, mean);
            square = V.FusedMultiplyAdd(weight, V.FusedMultiplyAdd(width, width, centre * centre * share), square);
        }

        largestRate = largest;
        var variance = V.Max(V.FusedMultiplyAdd(mean * -share, mean, square), Constant<V, T>.Zero);
        return RootStep<V, T>.From(least, most, V.Min(V.Max(V.FusedMultiplyAdd(target, V.Sqrt(variance), mean), least), most));
    }
}
