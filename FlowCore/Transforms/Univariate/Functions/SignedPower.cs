using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = sign(x) |x|^(e^α) with θ = α: ln ∂z/∂x = α + (e^α − 1) ln |x|.</summary>
/// <remarks>
/// As in zuko. It bends data around 0: at x = 0 the slope is 0 for α &gt; 0 and infinite for α &lt; 0, so a density has a zero or a pole there, with ℓ = −∞ or +∞; α = 0 is the identity. The
/// inverse is the map with −α. Two functions a number in either direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SignedPower<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public SignedPower()
        : base(parametersPerFeature: 1)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "signed-power";

    /// <inheritdoc/>
    protected internal override string ParameterName => "alpha";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new SignedPower<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) => Map(x, raw[0], out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Map(z, -raw[0], out logSlope);

    private static Variable<T> Map(Variable<T> x, Variable<T> alpha, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var zero = tape.Constant(T.Zero);
        var isZero = x.Equal(zero);
        var logarithm = isZero.Where(tape.Constant(T.One), x.Abs()).Log();

        // At 0 the limits: (e^α − 1) (−∞), or nothing.
        var limit = alpha.Equal(zero).Where(
            zero, alpha.Less(zero).Where(tape.Constant(T.PositiveInfinity), tape.Constant(T.NegativeInfinity)));
        logSlope = isZero.Where(limit, alpha + (alpha.Expm1() * logarithm));
        return isZero.Where(x, (alpha.Exp() * logarithm).Exp().CopySign(x));
    }
}
