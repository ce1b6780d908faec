using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Solves τ(x; θ) = z for every number of a block: the inverse of a τ that has none in closed form.</summary>
/// <remarks>
/// <para>
/// Bracketed Newton steps (see <c>RootFormula</c>) find x to the full precision of the type, outside the record. Each number
/// stops by itself, so a row's result does not depend on its neighbours.
/// </para>
/// <para>
/// The derivative is the implicit one, dx = (dz − ∂τ/∂θ dθ) / τ': with x* the number that was found, and 1/τ' a constant,
/// x = x* − (τ(x*; θ) − z) / τ' is recorded, a last Newton step. ln ∂x/∂z is recorded at this x.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public static class MonotoneSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The longest way: some sixty doublings to a bracket, then a bisection to the last bit.
    private const int MostSteps = 250;

    /// <summary>x and ln ∂x/∂z.</summary>
    /// <param name="univariate">τ, whose <see cref="Univariate{T}.Forward"/> is evaluated.</param>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="raw">θ.</param>
    /// <param name="logSlope">[rows, D].</param>
    /// <returns>[rows, D]; NaN where there is no x.</returns>
    public static Variable<T> Solve(Univariate<T> univariate, Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        ArgumentNullException.ThrowIfNull(univariate);
        var (lower, upper, guess) = Start(univariate.Domain, z);
        using (z.Tape!.WithoutRecording())
            univariate.Bracket(z, raw, lower, upper, guess);
        return Solve(new UnivariateFunction<T>(univariate, raw), z, lower, upper, guess, out logSlope);
    }

    /// <summary>x with f(x) = z, and ln ∂x/∂z, for any increasing function of the tape's numbers.</summary>
    /// <typeparam name="TFunction">The function; a structure costs no object.</typeparam>
    /// <param name="function">f.</param>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="logSlope">[rows, D].</param>
    /// <returns>[rows, D]; NaN where there is no x.</returns>
    public static Variable<T> Solve<TFunction>(in TFunction function, Variable<T> z, out Variable<T> logSlope)
        where TFunction : IMonotoneFunction<T>
    {
        var (lower, upper, guess) = Start(function.Domain, z);
        return Solve(function, z, lower, upper, guess, out logSlope);
    }

    /// <summary>As <see cref="Solve{TFunction}(in TFunction, Variable{T}, out Variable{T})"/>, where it is known between which numbers x lies.</summary>
    /// <typeparam name="TFunction">The function; a structure costs no object.</typeparam>
    /// <param name="function">f.</param>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="lower">[rows, D], not above x, −∞ where nothing is known; a block of the caller's whose numbers are overwritten.</param>
    /// <param name="upper">[rows, D], not below x; overwritten.</param>
    /// <param name="guess">[rows, D], where to begin, between both; overwritten.</param>
    /// <param name="logSlope">[rows, D].</param>
    /// <returns>[rows, D]; NaN where there is no x.</returns>
    public static Variable<T> Solve<TFunction>(
        in TFunction function, Variable<T> z, Variable<T> lower, Variable<T> upper, Variable<T> guess, out Variable<T> logSlope)
        where TFunction : IMonotoneFunction<T>
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        using (tape.WithoutRecording())
            Iterate(tape, function, z, lower, upper, guess);
        return Finish(function, z, guess, out logSlope);
    }

    // The last step, and the derivative, where x is known but for that: it is taken as a constant.
    private static Variable<T> Finish<TFunction>(in TFunction function, Variable<T> z, Variable<T> near, out Variable<T> logSlope)
        where TFunction : IMonotoneFunction<T>
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var found = tape.StopGradient(near);
        var value = function.Evaluate(found, out var slope);
        var reciprocalSlope = tape.StopGradient((-AsBlock(tape, slope, z)).Exp());
        var x = found - ((value - z) * reciprocalSlope);
        _ = function.Evaluate(x, out var recorded);
        logSlope = recorded.IsNone ? default : -recorded;
        return x;
    }

    private static void Iterate<TFunction>(Tape<T> tape, in TFunction function, Variable<T> z, Variable<T> lower, Variable<T> upper, Variable<T> x)
        where TFunction : IMonotoneFunction<T>
    {
        // The first step may be half as long as the bracket, or 2 where that is open; minus, as none of Newton's went before.
        var width = upper - lower;
        var length = -width.Less(tape.Constant(T.PositiveInfinity)).Where(width, tape.Ones(z.Columns));
        var done = tape.Zeros(z.Columns);
        for (var step = 0; step < MostSteps; step++)
        {
            using var scope = tape.BeginScope();
            var value = function.Evaluate(x, out var slope);
            tape.Kernels.RootStep(
                tape.ValueOf(z), tape.ValueOf(value), tape.ValueOf(AsBlock(tape, slope, z)), tape.ValueOf(x), tape.ValueOf(lower), tape.ValueOf(upper),
                tape.ValueOf(length), tape.ValueOf(done));
            if (AreAllDone(tape, done))
                return;
        }
    }

    // The ends of the axis, and z or a number inside of it as the guess.
    private static (Variable<T> Lower, Variable<T> Upper, Variable<T> Guess) Start(Axis axis, Variable<T> z)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var guess = tape.Allocate(z.Columns);
        if (axis.IsReal)
            tape.Kernels.Copy(tape.ValueOf(z), tape.ValueOf(guess), accumulate: false);
        else
            tape.Kernels.Fill(tape.ValueOf(guess), T.CreateTruncating(axis.Inside));
        return (tape.Fill(z.Columns, T.CreateTruncating(axis.Lower)), tape.Fill(z.Columns, T.CreateTruncating(axis.Upper)), guess);
    }

    // Parameters that all rows share may give a slope that they share.
    private static Variable<T> AsBlock(Tape<T> tape, Variable<T> slope, Variable<T> like)
    {
        if (slope.IsBlock)
            return slope;
        return slope.IsNone ? tape.Zeros(like.Columns) : tape.Apply(ConcatenateOperation<T>.Instance, [slope], like.Columns);
    }

    /// <summary>Whether a mask [rows, D] is set everywhere.</summary>
    internal static bool AreAllDone(Tape<T> tape, Variable<T> done)
    {
        var count = tape.ValueOf(done.SumColumns().SumRows());
        Span<T> number = stackalloc T[1];
        tape.Kernels.Read(count.Memory!, count.Offset, number);
        return number[0] == T.CreateTruncating((long)tape.Rows * done.Columns);
    }
}
