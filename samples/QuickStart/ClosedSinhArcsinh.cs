using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>The same map with its inverse in closed form, x = sinh((asinh(z) + ε) / δ): no equation is solved.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class ClosedSinhArcsinh<T> : SinhArcsinh<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static new string Kind => "sinh-arcsinh-closed";

    public static new Part<T> Read(PartReader<T> reader) => new ClosedSinhArcsinh<T>();

    protected override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var v = (z.Asinh() + raw[0]) / raw[1].Exp();
        logSlope = LogCosh(v) - raw[1] - (z.Square().Log1p() * T.CreateTruncating(0.5));
        return v.Sinh();
    }
}
