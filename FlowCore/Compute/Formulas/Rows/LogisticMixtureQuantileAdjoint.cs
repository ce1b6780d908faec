using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// What the adjoint of <see cref="LogisticMixtureQuantile{V, T, C}"/> leaves to that of <see cref="LogisticMixture{V, T, C}"/>: from ln g' and its derivative a, and the
/// adjoints of x, b where HasFirst, and of ln g', c where HasSecond, that of ln F, ln S and ln g' goes to d. The second is that of the log odds that were given.
/// </summary>
/// <remarks>
/// From g(x; θ) = ζ, dx = (dζ − ∂g/∂θ dθ) / g'. So with q = (x̄ + l̄ ∂ ln g'/∂x) / g': ζ̄ = q, and θ̄ is that of −q g + l̄ ln g' at a fixed x, g = ln F − ln S.
/// </remarks>
internal readonly struct LogisticMixtureQuantileAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var columns = shape.Columns;
        var zero = Constant<V, T>.Zero;
        var full = shape.HasFirst != 0 ? b.Load(item) : zero;
        var ofSlope = shape.HasSecond != 0 ? c.Load(item) : zero;
        full = V.FusedMultiplyAdd(ofSlope, a.Load(columns + item), full);

        // A slope that underflows has a reciprocal beyond all numbers; an adjoint of 0 must stay 0.
        var q = full * V.Min(V.Exp(-a.Load(item)), V.Constant(float.MaxValue, double.MaxValue));
        d.Store(item, -q);
        d.Store(columns + item, q);
        d.Store((2 * columns) + item, ofSlope);
    }
}
