using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = e^x, from the real line to the positive numbers: ln ∂z/∂x = x.</summary>
/// <remarks>
/// The chart of positive data is its inverse, ln x: an <see cref="Inverted{T}"/> of it in front of a flow. One exponential, or one logarithm, a number. Take it where data
/// span orders of magnitude; <see cref="Softplus{T}"/> is linear in large data instead.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Exp<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Exp()
        : base(parametersPerFeature: 0)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "exp";

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Positive;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Exp<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = x;
        return OpenAxis.Round(x.Exp(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var x = OpenAxis.Take(z, Codomain, out var outside).Log();
        logSlope = OpenAxis.Mark(outside, -x);
        return x;
    }
}
