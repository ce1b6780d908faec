using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>One step of a bracketed Newton iteration for f(x) = target with increasing f, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// While an end of the bracket is infinite the step is Newton's, but at most twice as long as the last one. Then it is Newton's
/// where that stays inside the bracket and is shorter than half of the last step, and otherwise goes to the middle. A lane is
/// done where the residual or the step is of the order of rounding, or the bracket closed; or, after a step to which a step of Newton's was ten thousand times
/// as long: the next one would be a hundred million times shorter still, and rounding would hide that it is not. A lane that is done is then left as it is, so that
/// its bits do not depend on its neighbours. A lane whose residual is NaN is done as well. Whoever asks takes one more step of Newton's.
/// </remarks>
internal static class RootFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Takes a step.</summary>
    /// <param name="target">What f should be.</param>
    /// <param name="value">f(x).</param>
    /// <param name="logSlope">ln f'(x).</param>
    /// <param name="x">The argument.</param>
    /// <param name="lower">A number below the root, or −∞.</param>
    /// <param name="upper">A number above the root, or +∞.</param>
    /// <param name="length">The length of the last step, negative where it was not Newton's.</param>
    /// <param name="done">1 where the lane is done, else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Step(V target, V value, V logSlope, ref V x, ref V lower, ref V upper, ref V length, ref V done)
    {
        var zero = Constant<V, T>.Zero;
        var one = Constant<V, T>.One;
        var half = Constant<V, T>.Of(0.5);
        var rounding = V.Constant(2.4e-7f, 4.5e-16);
        var noise = V.Constant(2e-6f, 4e-15);
        var wasDone = V.Equal(done, one);
        var last = V.Abs(length);
        var residual = value - target;
        var isBelow = V.LessThan(residual, zero);
        lower = V.Select(isBelow, x, lower);
        upper = V.Select(V.LessThan(zero, residual), x, upper);
        var newton = -residual * V.Exp(-logSlope);
        var newtonLength = V.Abs(newton);
        var width = upper - lower;
        var isClosed = V.LessThan(width, V.Constant(float.PositiveInfinity, double.PositiveInfinity));

        // A comparison with NaN is false: what Newton cannot say is decided by the other way.
        var reach = last + last;
        var open = V.Select(V.LessThan(newtonLength, reach), newton, V.Select(isBelow, reach, -reach));
        var next = x + newton;
        var isInside = V.LessThan(lower, next) & V.LessThan(next, upper);
        var isUseful = isInside & V.LessThan(newtonLength, half * last);
        var closed = V.Select(isUseful, newton, V.FusedMultiplyAdd(half, width, lower) - x);
        var step = V.Select(isClosed, closed, open);
        var stepLength = V.Abs(step);
        var magnitude = V.Abs(x);
        var isSettled = isInside & V.LessThanOrEqual(newtonLength, V.Constant(1e-4f, 1e-4) * length);
        var isFound = V.LessThanOrEqual(V.Abs(residual), noise * V.Max(V.Abs(value), V.Abs(target)))
            | V.LessThanOrEqual(newtonLength, noise * magnitude)
            | V.LessThanOrEqual(width, rounding * magnitude);
        done = V.Select(isFound | isSettled, one, done);
        done = V.Select(V.Equal(residual, residual), done, one);
        var isDone = V.Equal(done, one);
        length = V.Select(isDone, length, V.Select(V.Equal(step, newton), stepLength, -stepLength));
        var moved = V.Select(isDone, V.Select(isSettled, newton, zero), step);
        x = V.Select(wasDone, x, x + moved);
    }
}
