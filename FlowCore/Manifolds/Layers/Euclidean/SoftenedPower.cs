using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>G(q) = q (q² + δ²)^{(k − 1)/2} with the numbers of one stretch of p.</summary>
/// <remarks>
/// Its inverse is solved for ln q: h(s) = s + (k − 1)/2 ln(e^2s + δ²) has slopes between 1 and k only, and its root lies between those of both asymptotes, shifted
/// by ln 2^{(k − 1)/2} or not.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="InnerWidth">w1.</param>
/// <param name="OuterWidth">w2.</param>
/// <param name="InnerCentre">m1.</param>
/// <param name="OuterCentre">m2.</param>
/// <param name="Exponent">k.</param>
/// <param name="Softening">δ.</param>
internal readonly record struct SoftenedPower<T>(
    Variable<T> InnerWidth, Variable<T> OuterWidth, Variable<T> InnerCentre, Variable<T> OuterCentre, Variable<T> Exponent, double Softening)
    : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public Axis Domain => Axis.Real;

    private static T Half => T.CreateTruncating(0.5);

    private T Square => T.CreateTruncating(Softening * Softening);

    private T LogSoftening => T.CreateTruncating(Math.Log(Softening));

    /// <summary>G(q).</summary>
    /// <param name="q">[rows, D].</param>
    /// <returns>[rows, D].</returns>
    public Variable<T> Power(Variable<T> q) => q * ((Exponent - T.One) * LogModulus(q)).Exp();

    /// <summary>ln(w1/w2) + ln G'(q).</summary>
    /// <param name="q">[rows, D].</param>
    /// <returns>[rows, D].</returns>
    public Variable<T> LogSlope(Variable<T> q)
    {
        var scale = InnerWidth.Log() - OuterWidth.Log();
        var modulus = LogModulus(q);
        return Softening == 0
            ? ((Exponent - T.One) * modulus) + (Exponent.Log() + scale)
            : ((Exponent - T.CreateTruncating(3)) * modulus) + ((q.Square() * Exponent) + Square).Log() + scale;
    }

    /// <summary>q with G(q) = u.</summary>
    /// <param name="u">[rows, D].</param>
    /// <returns>[rows, D].</returns>
    public Variable<T> Root(Variable<T> u)
    {
        var log = u.Abs().Max(u.Tape!.Constant(NumberLimits<T>.SmallestNormal)).Log();
        if (Softening == 0)
            return u.Sign() * (log / Exponent).Exp();
        Variable<T> lower, upper, guess;
        var tape = u.Tape!;
        (lower, upper, guess) = (tape.Allocate(u.Columns), tape.Allocate(u.Columns), tape.Allocate(u.Columns));
        using (tape.WithoutRecording())
        {
            var rest = T.One - Exponent;
            var shifted = log + (rest * T.CreateTruncating(0.5 * Math.Log(2)));
            var inner = (log / Exponent, log + (rest * LogSoftening));
            var outer = (shifted / Exponent, shifted + (rest * LogSoftening));
            var isSteep = tape.Constant(T.One).Less(Exponent);
            var least = isSteep.Where(outer.Item1.Min(outer.Item2), inner.Item1.Max(inner.Item2));
            var most = isSteep.Where(inner.Item1.Min(inner.Item2), outer.Item1.Max(outer.Item2));
            Keep(least, lower);
            Keep(most, upper);
            Keep((least + most) * Half, guess);
        }

        return u.Sign() * MonotoneSolver<T>.Solve(this, log, lower, upper, guess, out _).Exp();
    }

    /// <inheritdoc/>
    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
    {
        var ratio = (x - LogSoftening) * T.CreateTruncating(2);
        var steepness = Exponent - T.One;
        logSlope = (steepness * ratio.Sigmoid()).Log1p();
        return x + (steepness * ((ratio.Softplus() * Half) + LogSoftening));
    }

    // ½ ln(q² + δ²), for δ = 0 of the least number in place of 0.
    private Variable<T> LogModulus(Variable<T> q) => Softening == 0
        ? q.Abs().Max(q.Tape!.Constant(NumberLimits<T>.SmallestNormal)).Log()
        : (q.Square() + Square).Log() * Half;

    private static void Keep(Variable<T> value, Variable<T> target) =>
        target.Tape!.Kernels.Copy(target.Tape.ValueOf(value), target.Tape.ValueOf(target), accumulate: false);
}
