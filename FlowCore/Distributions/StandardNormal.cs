using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Distributions;

/// <summary>Independent standard normal features: ln p(z) = −(D ln 2π + |z|²) / 2.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="features">D, at least 1.</param>
public sealed class StandardNormal<T>(int features) : BaseDistribution<T>(features, []), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static string Kind => "standard-normal";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StandardNormal<T>(reader.Size("features"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default) => NormalLogDensityOperation<T>.Instance.Apply(z, default, default);

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default) => random;

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
    }
}
