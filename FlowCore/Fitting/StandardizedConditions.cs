using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>A transform that is given its conditions in fixed coordinates of order one, (c − location) / scale: networks expect such numbers.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class StandardizedConditions<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FixedStandardization<T> _standardization;

    /// <summary>Wraps a transform.</summary>
    /// <param name="inner">The transform; it has conditions.</param>
    /// <param name="numbers">Location and scale of each of its conditions.</param>
    /// <exception cref="ArgumentException">The transform has no conditions or another number of them, or a number is out of range.</exception>
    public StandardizedConditions(Transform<T> inner, LocationScale numbers)
        : base(
            (inner ?? throw new ArgumentNullException(nameof(inner))).Features, inner.ConditionColumns, inner.Parameters, inner.NoiseFeatures)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (inner.ConditionColumns == 0)
            throw new ArgumentException("Expected a transform with conditions, got one without.", nameof(inner));
        Inner = inner;
        _standardization = new FixedStandardization<T>(numbers, inner.ConditionColumns, "condition", nameof(numbers));
    }

    /// <inheritdoc/>
    public static string Kind => "standardized-conditions";

    /// <summary>The transform.</summary>
    public Transform<T> Inner { get; }

    /// <summary>The location of each condition.</summary>
    public ReadOnlySpan<double> Location => _standardization.Location;

    /// <summary>The scale of each condition.</summary>
    public ReadOnlySpan<double> Scale => _standardization.Scale;

    /// <inheritdoc/>
    public override Domain Domain => Inner.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => Inner.Codomain;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StandardizedConditions<T>(reader.Part<Transform<T>>("inner"), new LocationScale(reader.Numbers("location"), reader.Numbers("scale")));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("location", Location);
        writer.Write("scale", Scale);
        writer.Write("inner", Inner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Inner.ForwardCore(tape, x, Standardized(tape, conditions), out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Inner.InverseCore(tape, z, Standardized(tape, conditions), out logDet);

    private Variable<T> Standardized(Tape<T> tape, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return _standardization.Apply(tape, conditions);
    }
}
