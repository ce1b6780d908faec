using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>z = x + θ, of a kind that is in no list and has the name of another.</summary>
internal sealed class UnknownUnivariate<T>() : Univariate<T>(1), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Kind => "affine";

    public static Part<T> Read(PartReader<T> reader) => new UnknownUnivariate<T>();

    protected internal override void Write(PartWriter writer)
    {
    }

    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = default;
        return x + raw[0];
    }
}
