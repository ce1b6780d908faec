using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = x + a tanh x + t with a = softplus of a raw number: a user's τ of operations, without an inverse of its own.</summary>
internal sealed class TanhUnivariate<T>() : Univariate<T>(2), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Kind => "test-tanh";

    public static Part<T> Read(PartReader<T> reader) => new TanhUnivariate<T>();

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var (a, tanh) = (raw[1].Softplus(), x.Tanh());
        logSlope = (a * (T.One - tanh.Square())).Log1p();
        return x + (a * tanh) + raw[0];
    }
}
