using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>f = f_n ∘ ... ∘ f_1: the parts one after the other, log|det J| = Σ_i log|det J_i|. Without parts it is the identity.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Composition<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Transform<T>[] _parts;

    /// <summary>Composes transforms.</summary>
    /// <param name="features">D.</param>
    /// <param name="parts">
    /// The parts; the first is applied to the data first. Each reads the leading columns of the conditions, as many as it wants.
    /// </param>
    /// <exception cref="ArgumentException">The ends of two neighbours do not meet: other columns, other coordinates, or a part reads points that the one before it does not reach.</exception>
    public Composition(int features, params IReadOnlyList<Transform<T>> parts)
        : base(
            features, ConditionColumnsOfAll(features, parts), [.. parts.SelectMany(part => part.Parameters)],
            parts.Count == 0 ? features : parts[^1].NoiseFeatures) => _parts = [.. parts];

    /// <inheritdoc/>
    public static string Kind => "composition";

    /// <summary>The parts; the first is applied to the data first.</summary>
    public IReadOnlyList<Transform<T>> Parts => _parts;

    /// <inheritdoc/>
    public override Domain Domain => _parts.Length == 0 ? base.Domain : _parts[0].Domain;

    /// <inheritdoc/>
    public override Domain Codomain => _parts.Length == 0 ? base.Codomain : _parts[^1].Codomain;

    /// <inheritdoc/>
    protected internal override int BlockColumns
    {
        get
        {
            var columns = base.BlockColumns;
            foreach (var part in _parts)
                columns = Math.Max(columns, part.BlockColumns);
            return columns;
        }
    }

    /// <inheritdoc/>
    internal override bool TakesPixels => Array.TrueForAll(_parts, part => part.TakesPixels);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Composition<T>(reader.Size("features"), reader.Parts<Transform<T>>("parts"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("parts", _parts);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        var y = x;
        for (var i = 0; i < _parts.Length; i++)
        {
            var next = _parts[i].ForwardCore(tape, y, ConditionsOf(_parts[i], conditions), out var part);
            Join(tape, x, ref y, next, ref logDet, part);
        }

        return y;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        var y = z;
        for (var i = _parts.Length - 1; i >= 0; i--)
        {
            var next = _parts[i].InverseCore(tape, y, ConditionsOf(_parts[i], conditions), out var part);
            Join(tape, z, ref y, next, ref logDet, part);
        }

        return y;
    }

    /// <inheritdoc/>
    internal override Variable<T> InversePoint(Tape<T> tape, Variable<T> z, Variable<T> conditions)
    {
        var logDet = default(Variable<T>);
        var y = z;
        for (var i = _parts.Length - 1; i >= 0; i--)
            Join(tape, z, ref y, _parts[i].InversePoint(tape, y, ConditionsOf(_parts[i], conditions)), ref logDet, part: default);
        return y;
    }

    /// <inheritdoc/>
    internal override Variable<T> PixelsCore(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, bool inverse, out Variable<T> logDet)
    {
        logDet = default;
        var y = x;
        for (var i = 0; i < _parts.Length; i++)
        {
            var next = _parts[inverse ? _parts.Length - 1 - i : i].PixelsCore(tape, y, product, inverse, out var part);
            Join(tape, x, ref y, next, ref logDet, part);
        }

        return y;
    }

    private static void Join(Tape<T> tape, Variable<T> argument, ref Variable<T> y, Variable<T> next, ref Variable<T> logDet, Variable<T> part)
    {
        // The argument is the caller's; a part may hand its argument back.
        if (y.Id != argument.Id && y.Id != next.Id)
            tape.Release(y);
        y = next;
        logDet = LogDets.Add(tape, logDet, part);
    }

    private static int ConditionColumnsOfAll(int features, IReadOnlyList<Transform<T>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var columns = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            columns = Math.Max(columns, part.ConditionColumns);
            var before = i == 0 ? features : parts[i - 1].NoiseFeatures;
            if (part.Features != before)
                throw new ArgumentException($"Expected part {i} to have {before} features, got {part.Features}.", nameof(parts));
            if (i > 0 && !parts[i - 1].Codomain.Covers(part.Domain))
                throw new ArgumentException($"Expected part {i - 1} to reach all that part {i} reads, {part.Domain}, got {parts[i - 1].Codomain}.", nameof(parts));
        }

        return columns;
    }
}
