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
    private readonly double[] _location;
    private readonly double[] _scale;
    private readonly T[] _locationRow;
    private readonly T[] _scaleRow;

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
        if (numbers.Location.Count != inner.ConditionColumns || numbers.Scale.Count != inner.ConditionColumns)
        {
            throw new ArgumentException(
                $"Expected {inner.ConditionColumns} locations and scales, got {numbers.Location.Count} and {numbers.Scale.Count}.", nameof(numbers));
        }

        for (var i = 0; i < numbers.Location.Count; i++)
        {
            if (!double.IsFinite(numbers.Location[i]) || !double.IsFinite(numbers.Scale[i]) || numbers.Scale[i] <= 0)
                throw new ArgumentException($"Expected finite locations and positive scales, got ({numbers.Location[i]}, {numbers.Scale[i]}) for condition {i}.", nameof(numbers));
            ConstantRange.CheckLarge<T>(numbers.Location[i], "The location", nameof(numbers));
            ConstantRange.CheckDivisor<T>(numbers.Scale[i], "The scale", nameof(numbers));
        }

        Inner = inner;
        (_location, _scale) = ([.. numbers.Location], [.. numbers.Scale]);
        _locationRow = Array.ConvertAll(_location, value => T.CreateTruncating(value));
        _scaleRow = Array.ConvertAll(_scale, value => T.CreateTruncating(value));
    }

    /// <inheritdoc/>
    public static string Kind => "standardized-conditions";

    /// <summary>The transform.</summary>
    public Transform<T> Inner { get; }

    /// <summary>The location of each condition.</summary>
    public ReadOnlySpan<double> Location => _location;

    /// <summary>The scale of each condition.</summary>
    public ReadOnlySpan<double> Scale => _scale;

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
        return (conditions - tape.Constant(_locationRow)) / tape.Constant(_scaleRow);
    }
}
