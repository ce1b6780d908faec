using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>The inverse of an exponential map of the sphere, by Newton's method on the sphere.</summary>
/// <remarks>
/// A step is the tangent vector that the map takes to the way from the image to the target; it is at most 1 long, and halved until the angle between image and target falls by a tenth.
/// Rows stop by themselves, so that a row's bits do not depend on its neighbours. The last step is recorded, with the solution and the derivative of the map as constants:
/// that is the implicit derivative.
/// </remarks>
internal static class ExponentialMapSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostSteps = 80;

    // In units of a rounding: where an angle is found, and where it need not fall any more.
    private const double FoundRoundings = 16;
    private const double SettledRoundings = 2000;
    private const double LeastFall = 0.9;
    private const double LeastFraction = 1e-6;

    /// <summary>n with the image y, and ln |det| of the map there.</summary>
    public static Variable<T> Solve(SpherePotential<T> potential, in SpherePotential<T>.Components components, Variable<T> y, out Variable<T> logDet)
    {
        var tape = y.Tape!;
        var n = tape.Allocate(3);
        using (tape.WithoutRecording())
            Iterate(tape, potential, components, y, n);
        var found = n.StopGradient();
        var point = potential.Map(found, components);
        var step = point.Constant().Back(found, y - point.Image);
        var result = found + step;
        result /= result.Square().SumColumns().Sqrt();
        logDet = potential.Map(result, components).LogDet();
        return result;
    }

    private static void Iterate(Tape<T> tape, SpherePotential<T> potential, in SpherePotential<T>.Components components, Variable<T> y, Variable<T> n)
    {
        var (step, best) = (tape.Zeros(3), tape.Fill(1, T.CreateTruncating(10)));
        var (fraction, done) = (tape.Ones(1), tape.Zeros(1));
        var start = potential.Map(y, components);

        // Against the move at the target.
        tape.CopyInto((y * start.Angle.Cos()) - (start.Along * (start.Angle * start.Angle.Sinc())), n);
        for (var i = 0; i < MostSteps; i++)
        {
            using var scope = tape.BeginScope();
            Advance(tape, potential, components, y, n, step, best, fraction, done);
            if (MonotoneSolver<T>.AreAllDone(tape, done))
                return;
        }
    }

    private static void Advance(
        Tape<T> tape, SpherePotential<T> potential, in SpherePotential<T>.Components components, Variable<T> y,
        Variable<T> n, Variable<T> step, Variable<T> best, Variable<T> fraction, Variable<T> done)
    {
        var one = tape.Constant(T.One);
        var move = step * fraction;
        var length = move.Square().SumColumns().Sqrt();
        var candidate = (n * length.Cos()) + (move * length.Sinc());
        candidate /= candidate.Square().SumColumns().Sqrt();
        var point = potential.Map(candidate, components);
        var sine = SpherePotential<T>.Cross(point.Image, y).Square().SumColumns().Sqrt();
        var angle = sine.Atan2((point.Image * y).SumColumns());
        var next = point.Back(candidate, y, angle / sine.Max(tape.Constant(NumberLimits<T>.SmallestNormal)));
        var limited = next / next.Square().SumColumns().Sqrt().Max(one);

        var isBetter = angle.Less(best * T.CreateTruncating(LeastFall));
        var isFound = angle.LessOrEqual(tape.Constant(T.CreateTruncating(FoundRoundings) * NumberLimits<T>.Epsilon));
        var isSettled = best.Less(tape.Constant(T.CreateTruncating(SettledRoundings) * NumberLimits<T>.Epsilon)) * (T.One - isBetter);
        var isStuck = fraction.Less(tape.Constant(T.CreateTruncating(LeastFraction)));
        var isNumber = angle.Equal(angle);
        var taken = (T.One - done) * isBetter;
        var ends = isFound.Max(isSettled).Max(isStuck).Max(T.One - isNumber);

        // A mask that is NaN counts as set, so rows of NaN are left at once.
        tape.CopyInto(taken.Where(candidate, n), n);
        tape.CopyInto(taken.Where(limited, step), step);
        tape.CopyInto(isBetter.Where(one, fraction * T.CreateTruncating(0.5)), fraction);
        tape.CopyInto(taken.Where(angle, best), best);
        tape.CopyInto(done.Max(ends), done);
    }
}
