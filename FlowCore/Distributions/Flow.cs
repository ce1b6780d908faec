using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>
/// A normalizing flow: p(x | c) = p_base(f(x | c)) |det ∂f/∂x| (Rezende and Mohamed 2015).
/// </summary>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class Flow<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterStore<T>? _constants;

    /// <summary>Creates a flow and takes the parameters of its parts in.</summary>
    /// <param name="baseDistribution">The distribution of the noise.</param>
    /// <param name="transform">f, from data to noise. Its parameters must not belong to another model.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">The parts have different features, or two parameters have one name.</exception>
    /// <exception cref="InvalidOperationException">A part belongs to another model.</exception>
    public Flow(BaseDistribution<T> baseDistribution, Transform<T> transform, Device? device = null)
        : base(device ?? Device.Cpu, Checked(baseDistribution, transform).Features, transform.ContextFeatures, 0)
    {
        Base = baseDistribution;
        Transform = transform;
        var all = transform.Parameters.Concat(baseDistribution.Parameters).ToArray();
        // Fixed numbers (a standardisation) have a buffer of their own, which no optimiser sweeps.
        var fixedOnes = all.Where(parameter => !parameter.Trainable).ToArray();
        Parameters = new ParameterStore<T>(Device, all.Where(parameter => parameter.Trainable));
        _constants = fixedOnes.Length == 0 ? null : new ParameterStore<T>(Device, fixedOnes);
    }

    /// <summary>The distribution of the noise.</summary>
    public BaseDistribution<T> Base { get; }

    /// <summary>f, from data to noise.</summary>
    public Transform<T> Transform { get; }

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    protected internal override BaseDistribution<T> Noise => Base;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances)
    {
        var z = Transform.Forward(tape, x, context, out var logDet);
        return Composition<T>.AddLogDets(tape, Base.LogDensity(tape, z), logDet);
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet) =>
        Transform.Forward(tape, x, context, out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Tape<T> tape, Variable<T> z, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet) =>
        Transform.Inverse(tape, z, context, out logDet);

    /// <summary>A copy of its own with the same numbers, possibly in another precision and on another device.</summary>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="device">Where the copy computes; null for the same device.</param>
    /// <returns>The copy; it shares nothing with this flow.</returns>
    public Flow<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        new(Base.ConvertTo<TOther>(), Transform.ConvertTo<TOther>(), device ?? Device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        Parameters.Dispose();
        _constants?.Dispose();
    }

    private static BaseDistribution<T> Checked(BaseDistribution<T> baseDistribution, Transform<T> transform)
    {
        ArgumentNullException.ThrowIfNull(baseDistribution);
        ArgumentNullException.ThrowIfNull(transform);
        if (baseDistribution.Features != transform.Features)
        {
            throw new ArgumentException(
                $"Expected a transform of the base distribution's {baseDistribution.Features} features; one of {transform.Features} came.", nameof(transform));
        }

        return baseDistribution;
    }
}
