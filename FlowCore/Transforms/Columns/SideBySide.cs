using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>Transforms of neighbouring columns: the first one takes the first columns, the next one those behind them, and so on; log|det J| is their sum.</summary>
/// <remarks>
/// Each reads the leading columns of the conditions, as many as it wants. What lives on different axes gets a chart each in this way; columns that do not stand together go with
/// <see cref="OnColumns{T}"/> or a <see cref="Permutation{T}"/>. It costs what the parts cost and a copy of the rows.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SideBySide<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Transform<T>[] _parts;

    /// <summary>Puts transforms side by side.</summary>
    /// <param name="parts">The parts, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public SideBySide(params IReadOnlyList<Transform<T>> parts)
        : base(
            Checked(parts).Sum(part => part.Features), parts.Max(part => part.ConditionColumns), [.. parts.SelectMany(part => part.Parameters)],
            parts.Sum(part => part.NoiseFeatures)) => _parts = [.. parts];

    /// <inheritdoc/>
    public static string Kind => "side-by-side";

    /// <summary>The parts in the order of their columns.</summary>
    public IReadOnlyList<Transform<T>> Parts => _parts;

    /// <inheritdoc/>
    public override Domain Domain => Domain.Product(Array.ConvertAll(_parts, part => part.Domain));

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Product(Array.ConvertAll(_parts, part => part.Codomain));

    /// <inheritdoc/>
    protected internal override int BlockColumns => Math.Max(base.BlockColumns, Parts.Max(part => part.BlockColumns));

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new SideBySide<T>(reader.Parts<Transform<T>>("parts"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("parts", _parts);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, x, conditions, inverse: false, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, z, conditions, inverse: true, out logDet);

    private static IReadOnlyList<Transform<T>> Checked(IReadOnlyList<Transform<T>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var part in parts)
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
        return parts.Count > 0 ? parts : throw new ArgumentException("Expected at least one part, got none.", nameof(parts));
    }

    private Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, bool inverse, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        logDet = default;
        var y = tape.Allocate(inverse ? Features : NoiseFeatures);
        var (from, to) = (0, 0);
        foreach (var part in _parts)
        {
            var (inputs, outputs) = inverse ? (part.NoiseFeatures, part.Features) : (part.Features, part.NoiseFeatures);
            var argument = tape.Slice(x, from, inputs);
            var own = ConditionsOf(part, conditions);
            var result = inverse ? part.InverseCore(tape, argument, own, out var term) : part.ForwardCore(tape, argument, own, out term);
            tape.CopyInto(result, tape.Slice(y, to, outputs));
            if (result.Id != argument.Id)
                tape.Release(result);
            logDet = LogDets.Add(tape, logDet, term);
            from += inputs;
            to += outputs;
        }

        return y;
    }
}
