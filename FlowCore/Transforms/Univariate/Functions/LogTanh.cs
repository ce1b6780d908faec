using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = tanh x for |x| ≤ c, beyond it ±(tanh c + α ln(|x| / c)), from the real line to itself: ln ∂z/∂x is that of <see cref="Tanh{T}"/>, beyond c it is ln α − ln |x|.</summary>
/// <remarks>
/// It pulls outliers in without a bound. As in nflows, whose α = (1 − tanh(tanh c)) / c (<see cref="Nflows"/>) lets the slope jump at c; with α = c (1 − tanh² c), the default here, the slope is continuous.
/// The inverse is artanh z for |z| ≤ tanh c, beyond it ±c e^((|z| − tanh c) / α). Two or three functions a number.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogTanh<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="cut">c, positive.</param>
    /// <param name="alpha">α, positive; null for the one with a continuous slope.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public LogTanh(double cut = 1, double? alpha = null)
        : base(parametersPerFeature: 0)
    {
        // Beyond 8 tanh c is 1 in single precision, and the middle has no end left.
        if (cut is not (> 0 and <= 8))
            throw new ArgumentOutOfRangeException(nameof(cut), cut, $"Expected a cut in (0, 8], got {cut}.");
        Cut = cut;
        Alpha = alpha ?? cut * (1 - (Math.Tanh(cut) * Math.Tanh(cut)));
        if (!double.IsFinite(Alpha) || Alpha <= 0)
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"Expected a positive α, got {alpha}.");
        ConstantRange.CheckDivisor<T>(Alpha, "α", nameof(alpha));
    }

    /// <inheritdoc/>
    public static string Kind => "log-tanh";

    /// <summary>c.</summary>
    public double Cut { get; }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <summary>The map with the α of nflows.</summary>
    /// <param name="cut">c, positive.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">c is out of range.</exception>
    public static LogTanh<T> Nflows(double cut = 1) => new(cut, (1 - Math.Tanh(Math.Tanh(cut))) / cut);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new LogTanh<T>(reader.Number("cut"), reader.Number("alpha"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("cut", Cut);
        writer.Write("alpha", Alpha);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var (size, cut) = (x.Abs(), tape.Constant(T.CreateTruncating(Cut)));
        var isTail = cut.Less(size);
        var logarithm = size.Max(cut).Log();
        logSlope = isTail.Where(T.CreateTruncating(Math.Log(Alpha)) - logarithm, Tanh<T>.LogDerivative(x));
        var tail = ((logarithm - T.CreateTruncating(Math.Log(Cut))) * T.CreateTruncating(Alpha)) + T.CreateTruncating(Math.Tanh(Cut));
        return isTail.Where(tail.CopySign(x), x.Tanh());
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = z.Tape!;
        var (size, cut) = (z.Abs(), tape.Constant(T.CreateTruncating(Math.Tanh(Cut))));
        var isTail = cut.Less(size);
        var logarithm = ((size - cut) * T.CreateTruncating(1 / Alpha)) + T.CreateTruncating(Math.Log(Cut));
        var middle = Tanh<T>.Artanh(isTail.Where(tape.Constant(T.Zero), z), out var middleSlope);
        logSlope = isTail.Where(logarithm - T.CreateTruncating(Math.Log(Alpha)), middleSlope);
        return isTail.Where(isTail.Where(logarithm, tape.Constant(T.Zero)).Exp().CopySign(z), middle);
    }
}
