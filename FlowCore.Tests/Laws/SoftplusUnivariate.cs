using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = e^s ln(1 + e^x) leads to the positive numbers, with a closed inverse: a user's τ of operations, of limited codomain.</summary>
internal sealed class SoftplusUnivariate<T>() : Univariate<T>(1), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Kind => "test-softplus";

    public override Axis Codomain => Axis.Positive;

    public static Part<T> Read(PartReader<T> reader) => new SoftplusUnivariate<T>();

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = raw[0] - (-x).Softplus();
        return x.Softplus() * raw[0].Exp();
    }

    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        // Outside the logarithm is taken at an end that the type has, and the slope counted as nothing.
        var scaled = z * (-raw[0]).Exp();
        var tiny = typeof(T) == typeof(float) ? T.CreateTruncating(1e-37f) : T.CreateTruncating(1e-307);
        var inside = scaled.Max((scaled * T.Zero) + tiny);
        var isInside = (T.One - ((-scaled).ReLU() * T.CreateTruncating(1e30))).ReLU();

        // x = y + ln(1 − e^−y), and dx/dy = 1 / (1 − e^−y).
        var logarithm = (-(-inside).Expm1()).Log();
        logSlope = isInside.Log() - logarithm - raw[0];
        return inside + logarithm;
    }
}
