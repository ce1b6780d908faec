using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = x + e^s x² on the positive numbers: a user's τ of limited domain and codomain, without an inverse of its own.</summary>
internal sealed class QuadraticUnivariate<T>() : Univariate<T>(1), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Kind => "test-quadratic";

    public override Axis Domain => Axis.Positive;

    public override Axis Codomain => Axis.Positive;

    public static Part<T> Read(PartReader<T> reader) => new QuadraticUnivariate<T>();

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var (inside, scale) = (x.ReLU(), raw[0].Exp());

        // ln max(1 − outside / tiny, 0): nothing inside, and −∞ where x is negative.
        var isInside = (T.One - ((-x).ReLU() * T.CreateTruncating(1e30))).ReLU();
        logSlope = (scale * inside * T.CreateTruncating(2)).Log1p() + isInside.Log();
        return inside + (scale * inside.Square());
    }
}
