using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Sums of log-determinants, of which "no variable" is zero.</summary>
internal static class LogDets
{
    /// <summary>The sum of two; gives the memory of both back where the tape does not record.</summary>
    public static Variable<T> Add<T>(Tape<T> tape, Variable<T> total, Variable<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (total.IsNone)
            return part;
        if (part.IsNone)
            return total;
        var sum = tape.Apply(BinaryOperation<T>.Of(BinaryFunction.Add), [total, part], 1);
        tape.Release(total);
        tape.Release(part);
        return sum;
    }

    /// <summary>Log-densities of which a row of −∞ has no gradient: what lies outside of a support is left out as a whole, not feature by feature.</summary>
    public static Variable<T> WithoutGradientOutside<T>(Variable<T> logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!logDensity.Tape!.IsRecording)
            return logDensity;
        var outside = logDensity.StopGradient().Less(logDensity.Tape.Constant(T.BitIncrement(T.NegativeInfinity)));
        return outside.Where(logDensity.StopGradient(), logDensity);
    }

    /// <summary>A block of zeros for "no variable".</summary>
    public static Variable<T> OrZero<T>(Tape<T> tape, Variable<T> logDet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => logDet.IsNone ? tape.Zeros(1) : logDet;

    /// <summary>A shared number [1, 1] as a block, with either sign.</summary>
    public static Variable<T> ForAllRows<T>(Tape<T> tape, Variable<T> shared, BinaryFunction sign)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tape.Apply(BinaryOperation<T>.Of(sign), [tape.Zeros(1), shared], 1);
}
