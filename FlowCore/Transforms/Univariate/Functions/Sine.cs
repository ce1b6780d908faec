using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = sin x, from (−π/2, π/2) to (−1, 1): ln ∂z/∂x = ln cos x.</summary>
/// <remarks>
/// As in zuko. It takes the latitude of a uniform direction to a uniform number. The inverse is arcsin z. Two functions a number.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Sine<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Sine()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "sine";

    /// <inheritdoc/>
    public override Axis Domain => Axis.Interval(-Math.PI / 2, Math.PI / 2);

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Interval(-1, 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Sine<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(x, Domain, out var outside);
        logSlope = OpenAxis.Mark(outside, inside.Cos().Log());
        return OpenAxis.Round(inside.Sin(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        logSlope = OpenAxis.Mark(outside, (inside.Log1p() + (-inside).Log1p()) * T.CreateTruncating(-0.5));
        return OpenAxis.Round(inside.Asin(), Domain);
    }
}
