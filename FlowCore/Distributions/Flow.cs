using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>
/// A normalizing flow: p(x | c) = p_base(f(x | c)) |det ∂f/∂x| (Rezende and Mohamed 2015).
/// </summary>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public class Flow<T> : DensityModel<T>, IJoinedPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterStore<T>? _constants;
    private ParameterStore<T> _parameters;
    private bool _isJoined;

    /// <summary>Creates a flow and takes the parameters of its parts in.</summary>
    /// <param name="baseDistribution">The distribution of the noise.</param>
    /// <param name="transform">f, from data to noise. Its parameters must not belong to another model.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">The parts have different features, or two parameters have one name.</exception>
    /// <exception cref="InvalidOperationException">A part belongs to another model.</exception>
    public Flow(BaseDistribution<T> baseDistribution, Transform<T> transform, Device? device = null)
        : base(
            device ?? Device.Cpu, Checked(baseDistribution, transform).Features,
            Math.Max(transform.ConditionColumns, baseDistribution.ConditionColumns), 0)
    {
        Base = baseDistribution;
        Transform = transform;
        BlockRows = Device.BlockRowsFor(transform.BlockColumns);
        HasOutside = !transform.Domain.IsReal || !baseDistribution.Domain.IsReal;
        var all = transform.Parameters.Concat(baseDistribution.Parameters).ToArray();
        // Fixed numbers (a standardisation) have a buffer of their own, which no optimiser sweeps.
        var fixedOnes = all.Where(parameter => !parameter.Trainable).ToArray();
        _parameters = new ParameterStore<T>(Device, all.Where(parameter => parameter.Trainable));
        _constants = fixedOnes.Length == 0 ? null : new ParameterStore<T>(Device, fixedOnes);
    }

    /// <summary>The distribution of the noise.</summary>
    public BaseDistribution<T> Base { get; }

    /// <summary>Whether there are rows whose density is zero.</summary>
    internal bool HasOutside { get; }

    /// <summary>f, from data to noise.</summary>
    public Transform<T> Transform { get; }

    /// <inheritdoc/>
    public override int BlockRows { get; }

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => _parameters;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => Base;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        var z = ToNoise(x, conditions, out var logDet);
        var logDensity = LogDets.Add(x.Tape!, NoiseLogDensity(z, conditions), logDet);
        return HasOutside ? LogDets.WithoutGradientOutside(logDensity) : logDensity;
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Transform.Forward(x, Transform<T>.Leading(conditions, Transform.ConditionColumns), out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Transform.Inverse(z, Transform<T>.Leading(conditions, Transform.ConditionColumns), out logDet);

    /// <inheritdoc/>
    internal override Variable<T> PointOf(Variable<T> z, Variable<T> conditions) =>
        Transform.InversePoint(z.Tape!, z, Transform<T>.Leading(conditions, Transform.ConditionColumns));

    /// <inheritdoc cref="DensityModel{T}.ConvertTo"/>
    public new Flow<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        (Flow<TOther>)ConvertCore<TOther>(device);

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) =>
        new Flow<TOther>(Base.ConvertTo<TOther>(), Transform.ConvertTo<TOther>(), device ?? Device);

    /// <summary>Ends the model and leaves its parts with their numbers, for another model to take in.</summary>
    internal Transform<T> TakeApart()
    {
        Parameters.ThrowIfDisposed();
        if (_isJoined)
            throw new InvalidOperationException("The flow is a part of another model already.");
        base.Dispose(disposing: true);
        Parameters.GiveBack();
        _constants?.GiveBack();
        return Transform;
    }

    void IJoinedPart<T>.Join(ParameterStore<T> store) => (_parameters, _isJoined) = (store, true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        if (!_isJoined)
            Parameters.Dispose();
        _constants?.Dispose();
    }

    private static Transform<T> Checked(BaseDistribution<T> baseDistribution, Transform<T> transform)
    {
        ArgumentNullException.ThrowIfNull(baseDistribution);
        ArgumentNullException.ThrowIfNull(transform);
        if (baseDistribution.Features != transform.NoiseFeatures)
        {
            throw new ArgumentException(
                $"Expected a transform to the base distribution's {baseDistribution.Features} features, got one to {transform.NoiseFeatures}.", nameof(transform));
        }

        // What the transform does not reach would be probability that no x has.
        return transform.Codomain.Covers(baseDistribution.Domain)
            ? transform
            : throw new ArgumentException(
                $"Expected a transform that reaches all of the base distribution's {baseDistribution.Domain}, got one that leads to {transform.Codomain}.", nameof(transform));
    }
}
