using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = −cos x, from (0, π) to (−1, 1): ln ∂z/∂x = ln sin x.</summary>
/// <remarks>
/// As in zuko. It takes the polar angle of a uniform direction to a uniform number. The inverse is arccos(−z). Two functions a number.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Cosine<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Cosine()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "cosine";

    /// <inheritdoc/>
    public override Axis Domain => Axis.Interval(0, Math.PI);

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Interval(-1, 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Cosine<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(x, Domain, out var outside);
        logSlope = OpenAxis.Mark(outside, inside.Sin().Log());
        return OpenAxis.Round(-inside.Cos(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        logSlope = OpenAxis.Mark(outside, (inside.Log1p() + (-inside).Log1p()) * T.CreateTruncating(-0.5));
        return OpenAxis.Round((-inside).Acos(), Domain);
    }
}
