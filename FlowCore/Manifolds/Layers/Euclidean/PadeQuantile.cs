using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A closed approximation of Φ⁻¹(F): z² = −2 L / (a (R + b)) with L = ln 4 F (1 − F), a = 0.147, b = 2/(πa) + L/2, R = √(b² − L/a).</summary>
/// <remarks>
/// Winitzki 2008, "A handy approximation for the error function and its inverse". It is increasing, smooth and exactly invertible, so it serves as a map of its own.
/// With δ = 2F − 1 the sign comes with z = δ / D, D = √(a (R + b)/2 · δ²/(−L)), where δ²/(−L) is 1 at the median.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class PadeQuantile<T> : QuantileMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double A = 0.147;
    private const double C = 2 / (Math.PI * A);

    // Up to which δ² the quotient δ²/(−L) and up to which −L the one of the way back is a series: four terms leave 10⁻¹⁶.
    private const double SmallSquare = 1e-3;

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> logLower, Variable<T> logUpper, out Variable<T> logSlope)
    {
        var tape = logLower.Tape!;
        var delta = ((logLower - logUpper) * Number(0.5)).Tanh();
        var square = delta.Square();
        var isSmall = square.Less(tape.Constant(Number(SmallSquare)));
        var isMiddle = square.Less(tape.Constant(Number(0.25)));

        // Operands that are not taken get harmless arguments, so that no infinite derivative meets their zero.
        var middle = isMiddle.Where(square, tape.Constant(Number(0.1)));
        var logs = isMiddle.Where((-middle).Log1p(), logLower + logUpper + Number(Math.Log(4)));
        var safe = isSmall.Where(tape.Constant(Number(-1)), logs);
        var quotient = isSmall.Where(Series(square), -square / safe);
        var b = (logs * Number(0.5)) + Number(C);
        var root = (b.Square() - (logs * Number(1 / A))).Sqrt();

        // R + b cancels where b is negative, that is far out.
        var isFar = b.Less(tape.Constant(T.Zero));
        var far = isFar.Where(root - b, tape.Constant(T.One));
        var sum = isFar.Where(logs * Number(-1 / A) / far, root + b);
        var density = (sum * quotient * Number(A / 2)).Sqrt();
        logSlope = (density * (root - b + Number(1 / A)) / (root * Number(2))).Log();
        return delta / density;
    }

    /// <inheritdoc/>
    public override Variable<T> LogOdds(Variable<T> z)
    {
        var tape = z.Tape!;
        var y = z.Square() * Number(0.5);
        var ratio = ((y * Number(A)) + Number(4 / Math.PI)) / ((y * Number(A)) + T.One);
        var logs = -y * ratio;

        // δ² = 1 − e^L = z² · ½ ratio · (1 − e^L)/(−L).
        var isSmall = (-logs).Less(tape.Constant(Number(SmallSquare)));
        var safe = isSmall.Where(tape.Constant(Number(-1)), logs);
        var small = isSmall.Where(logs, tape.Constant(Number(-SmallSquare)));
        var quotient = isSmall.Where((((((small * Number(1.0 / 24)) + Number(1.0 / 6)) * small) + Number(0.5)) * small) + T.One, safe.Expm1() / safe);
        var delta = z * (ratio * quotient * Number(0.5)).Sqrt();
        var magnitude = delta.Abs();
        var isMiddle = magnitude.Less(tape.Constant(Number(0.5)));
        var middle = isMiddle.Where(delta, tape.Constant(Number(0.25)));
        var outer = (magnitude.Log1p() * Number(2)) - logs;
        return isMiddle.Where(middle.Log1p() - (-middle).Log1p(), delta.Sign() * outer);
    }

    // w/(−ln(1 − w)) = 1 − w/2 − w²/12 − w³/24 − 19w⁴/720 − …
    private static Variable<T> Series(Variable<T> w) =>
        (((((((w * Number(-19.0 / 720)) - Number(1.0 / 24)) * w) - Number(1.0 / 12)) * w) - Number(0.5)) * w) + T.One;

    private static T Number(double value) => T.CreateTruncating(value);
}
