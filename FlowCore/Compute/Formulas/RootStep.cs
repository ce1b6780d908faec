using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The search for x with g(x) = target for an increasing g whose first derivatives are known, in lanes: what is known of the root, and the steps to it.</summary>
/// <remarks>
/// Steps are Householder's of third order (Householder 1970), whose next error is the fourth power of the last one; where one leaves the bracket or is not shorter than half of the
/// last one, the middle is taken. A last step so short that ln g' is its series to second order needs no further evaluation. A lane that is done is left as it is, so that
/// its bits do not depend on its neighbours.
/// </remarks>
internal struct RootStep<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The longest way: bisection of the bracket to the last bit. Two or three steps are common.</summary>
    internal const int Most = 100;

    private V _lower;
    private V _upper;
    private V _last;
    private V _slope;
    private V _exponent;
    private V _isDone;

    /// <summary>x.</summary>
    public V X;

    /// <summary>The derivative of ln g' at x.</summary>
    public V Change;

    /// <summary>Begins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static RootStep<V, T> From(V lower, V upper, V guess)
    {
        var (zero, one) = (Constant<V, T>.Zero, Constant<V, T>.One);
        return new RootStep<V, T>
        {
            _lower = lower,
            _upper = upper,
            _last = (upper - lower) + (upper - lower),
            _slope = one,
            _exponent = zero,
            _isDone = V.LessThan(one, zero),
            X = guess,
            Change = zero,
        };
    }

    /// <summary>Takes a step.</summary>
    /// <param name="residual">g(x) − target.</param>
    /// <param name="noise">Which residual is one of rounding.</param>
    /// <param name="scaled">e^−t / g'.</param>
    /// <param name="scale">t.</param>
    /// <param name="bend">The derivative of ln g'.</param>
    /// <param name="twist">The second derivative of ln g'.</param>
    /// <param name="shortest">A step so short that its third power times the third derivative of ln g' is rounding.</param>
    /// <returns>Whether all lanes are done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Take(V residual, V noise, V scaled, V scale, V bend, V twist, V shortest)
    {
        var (zero, half) = (Constant<V, T>.Zero, Constant<V, T>.Of(0.5));
        _lower = V.Select(V.LessThan(residual, zero), X, _lower);
        _upper = V.Select(V.LessThan(zero, residual), X, _upper);
        var own = Step(-residual * scaled * V.Exp(scale), bend, twist);
        var next = X + own;

        // A comparison with NaN is false: what the step cannot say the middle decides.
        var isUseful = V.LessThanOrEqual(_lower, next) & V.LessThanOrEqual(next, _upper) & V.LessThanOrEqual(V.Abs(own), half * _last);
        var isShort = isUseful & V.LessThanOrEqual(V.Abs(own), shortest);
        var isFound = V.LessThanOrEqual(V.Abs(residual), noise) | V.LessThanOrEqual(_upper - _lower, V.Constant(2.4e-7f, 4.5e-16) * V.Abs(X));
        var move = V.Select(isUseful, own, V.FusedMultiplyAdd(half, _upper - _lower, _lower) - X);
        move = V.Select(isFound, V.Select(isShort, own, zero), move);

        // ln g' = −t − ln(e^−t / g'), and what the step adds to it.
        _slope = V.Select(_isDone, _slope, scaled);
        _exponent = V.Select(_isDone, _exponent, V.FusedMultiplyAdd(move, V.FusedMultiplyAdd(half * move, twist, bend), -scale));
        Change = V.Select(_isDone, Change, V.FusedMultiplyAdd(move, twist, bend));
        X = V.Select(_isDone, X, X + move);
        _last = V.Abs(move);

        // A lane whose residual is NaN is done as well.
        _isDone = _isDone | isShort | isFound | V.Select(V.Equal(residual, residual), _isDone, V.Equal(zero, zero));
        return V.All(_isDone);
    }

    /// <summary>ln g' at x.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal readonly V LogSlope() => _exponent - V.Log(_slope);

    // n (1 + n h/2) / (1 + n h + n² (h² + h') / 6) of Newton's step n and h = (ln g')', as a factor of n between a half and two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Step(V newton, V bend, V twist)
    {
        var (one, half, two) = (Constant<V, T>.One, Constant<V, T>.Of(0.5), Constant<V, T>.Of(2));
        var product = newton * bend;
        var third = V.FusedMultiplyAdd(bend, bend, twist) * Constant<V, T>.Of(1.0 / 6);
        var factor = V.FusedMultiplyAdd(half, product, one) / V.FusedMultiplyAdd(newton * newton, third, one + product);
        return newton * V.Select(V.LessThan(half, factor), V.Select(V.LessThan(factor, two), factor, two), half);
    }
}
