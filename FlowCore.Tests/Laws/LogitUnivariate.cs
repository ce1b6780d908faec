using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = e^s logit(x) + t on (0, 1), with a closed inverse: a user's τ of operations, of limited domain.</summary>
internal sealed class LogitUnivariate<T>() : Univariate<T>(2), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Kind => "test-logit";

    public override Axis Domain => Axis.Interval(0, 1);

    public static Part<T> Read(PartReader<T> reader) => new LogitUnivariate<T>();

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        // Outside x is moved to an end that the type has, and the slope counted as nothing: ln max(1 − outside / tiny, 0).
        var inside = x.Min(Number(x, One(0.99999994f, 0.99999999999999989))).Max(Number(x, One(1e-30f, 1e-30)));
        var isInside = (T.One - ((x - inside).Abs() * T.CreateTruncating(1e30))).ReLU();
        var (logarithm, rest) = (inside.Log(), (-inside).Log1p());
        logSlope = raw[1] - logarithm - rest + isInside.Log();
        return ((logarithm - rest) * raw[1].Exp()) + raw[0];
    }

    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var logit = (z - raw[0]) * (-raw[1]).Exp();

        // ln σ' = −softplus(y) − softplus(−y).
        logSlope = -raw[1] - logit.Softplus() - (-logit).Softplus();
        return logit.Sigmoid();
    }

    private static T One(float single, double precise) => typeof(T) == typeof(float) ? T.CreateTruncating(single) : T.CreateTruncating(precise);

    private static Variable<T> Number(Variable<T> x, T value) => (x * T.Zero) + value;
}
