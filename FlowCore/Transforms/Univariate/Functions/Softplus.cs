using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = ln(1 + e^x), from the real line to the positive numbers: ln ∂z/∂x = −ln(1 + e^−x).</summary>
/// <remarks>
/// The inverse is z + ln(1 − e^−z), formed without cancellation at either end. An <see cref="Inverted{T}"/> of it is a chart of positive data that leaves large numbers as they
/// are. Two functions a number in either direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Softplus<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Softplus()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "softplus";

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Positive;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Softplus<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = -(-x).Softplus();
        return OpenAxis.Round(x.Softplus(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        var logarithm = inside.Log1mexp();
        logSlope = OpenAxis.Mark(outside, -logarithm);
        return inside + logarithm;
    }
}
