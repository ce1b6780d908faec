using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>Independent standard normal features: ln p(z) = −(D ln 2π + |z|²) / 2.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="features">D, at least 1.</param>
public sealed class StandardNormal<T>(int features) : BaseDistribution<T>(features, [])
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly NormalLogDensityOperation<T> _density = NormalLogDensityOperation<T>.Instance;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Tape<T> tape, Variable<T> z)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return tape.Apply(_density, [z, default, default], 1);
    }

    /// <inheritdoc/>
    public override void FillNoise(RandomStream stream, ulong firstRow, Span<T> rows) => stream.FillNormal(rows, firstRow * (ulong)Features);

    /// <inheritdoc/>
    public override Variable<T> DrawNoise(Tape<T> tape, RandomStream stream, ulong firstRow)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return tape.Draw(RandomDistribution.Normal, stream, firstRow * (ulong)Features, Features);
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Tape<T> tape, Variable<T> noise) => noise;

    /// <inheritdoc/>
    protected internal override BaseDistribution<TOther> RecreateCore<TOther>() => new StandardNormal<TOther>(Features);
}
