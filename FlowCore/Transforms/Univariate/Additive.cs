using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x + t with one raw parameter t; ln ∂z/∂x = 0.</summary>
/// <remarks>Dinh, Krueger and Bengio 2015, "NICE", equation 8: the map of additive couplings. It keeps volumes, so a flow of it alone has the base's largest density everywhere.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Additive<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    public Additive()
        : base(parametersPerFeature: 1)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "additive";

    /// <inheritdoc/>
    protected internal override string ParameterName => "shift";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader) => new Additive<T>();

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
