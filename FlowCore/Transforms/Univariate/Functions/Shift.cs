using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x + t with θ = t: ln ∂z/∂x = 0.</summary>
/// <remarks>
/// Dinh, Krueger and Bengio 2015, "NICE", section 3.2: an additive coupling is a <see cref="Coupling{T}"/> of it. A sum a number in either direction; it keeps volumes.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Shift<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Shift()
        : base(parametersPerFeature: 1)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "shift";

    /// <inheritdoc/>
    protected internal override string ParameterName => "shift";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Shift<T>();

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = default;
        return x + raw[0];
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        logSlope = default;
        return z - raw[0];
    }
}
