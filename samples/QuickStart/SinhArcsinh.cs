using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>z = sinh(δ·asinh(x) − ε) with θ = (ε, ln δ): skew and tail weight (Jones and Pewsey 2009, equation 1). θ = 0 is the identity.</summary>
/// <remarks>ln ∂z/∂x = ln δ + ln cosh(δ·asinh(x) − ε) − ln(1 + x²)/2. There is no inverse here: the library solves for it.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal class SinhArcsinh<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public SinhArcsinh()
        : base(parametersPerFeature: 2)
    {
    }

    public static string Kind => "sinh-arcsinh";

    public static Part<T> Read(PartReader<T> reader) => new SinhArcsinh<T>();

    protected override void Write(PartWriter writer)
    {
    }

    protected override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var u = (x.Asinh() * raw[1].Exp()) - raw[0];
        logSlope = raw[1] + LogCosh(u) - (x.Square().Log1p() * T.CreateTruncating(0.5));
        return u.Sinh();
    }

    // ln cosh u = ln(1 + e^2u) − u − ln 2, without overflow.
    protected static Variable<T> LogCosh(Variable<T> u) => (u + u).Softplus() - u - T.CreateTruncating(Math.Log(2));
}
