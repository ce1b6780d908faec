using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = tanh x, from the real line to (−1, 1): ln ∂z/∂x = 2 (ln 2 − |x| − ln(1 + e^−2|x|)).</summary>
/// <remarks>
/// The logarithm of the slope is never that of 1 − tanh², which has lost its digits at |x| = 9 in single precision. The inverse is ½ (ln(1 + z) − ln(1 − z)). Two functions a number in
/// either direction. <see cref="LogTanh{T}"/> reaches all numbers; <see cref="Box{T}"/> is the inverse for an interval of each feature's own.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Tanh<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Tanh()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "tanh";

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Interval(-1, 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Tanh<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = LogDerivative(x);
        return OpenAxis.Round(x.Tanh(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        var x = Artanh(inside, out logSlope);
        logSlope = OpenAxis.Mark(outside, logSlope);
        return x;
    }

    /// <summary>ln(1 − tanh² x).</summary>
    internal static Variable<T> LogDerivative(Variable<T> x)
    {
        var size = x.Abs();
        return (T.CreateTruncating(Math.Log(2)) - size - (size * T.CreateTruncating(-2)).Softplus()) * T.CreateTruncating(2);
    }

    /// <summary>artanh z and −ln(1 − z²), for |z| &lt; 1.</summary>
    internal static Variable<T> Artanh(Variable<T> z, out Variable<T> logSlope)
    {
        var (up, down) = (z.Log1p(), (-z).Log1p());
        logSlope = -(up + down);
        return (up - down) * T.CreateTruncating(0.5);
    }
}
