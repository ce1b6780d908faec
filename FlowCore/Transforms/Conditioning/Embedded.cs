using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>f(x | g(c)): a network g of the conditions in front of all that a transform does with them, trained with it.</summary>
/// <remarks>
/// The embedding net of nflows. It is evaluated once a call, whatever number of parts reads it. Wrap the whole composition; a conditional base distribution has an
/// encoder of its own.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="inner">f; it reads the outputs of the network, all of them.</param>
/// <param name="embedding">g.</param>
public sealed class Embedded<T>(Transform<T> inner, Network<T> embedding) : Transform<T>(
    Checked(inner, embedding).Features, embedding.Inputs, [.. inner.Parameters, .. embedding.Parameters], inner.NoiseFeatures), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static string Kind => "embedded";

    /// <summary>f.</summary>
    public Transform<T> Inner => inner;

    /// <summary>g.</summary>
    public Network<T> Embedding => embedding;

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => embedding.Normalizations;

    /// <inheritdoc/>
    public override Domain Domain => inner.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => inner.Codomain;

    /// <inheritdoc/>
    protected internal override int BlockColumns => Inner.BlockColumns;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Embedded<T>(reader.Part<Transform<T>>("inner"), reader.Part<Network<T>>("embedding"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("inner", inner);
        writer.Write("embedding", embedding);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var embedded = Embed(tape, conditions);
        var y = inner.ForwardCore(tape, x, embedded, out logDet);
        tape.Release(embedded);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var embedded = Embed(tape, conditions);
        var y = inner.InverseCore(tape, z, embedded, out logDet);
        tape.Release(embedded);
        return y;
    }

    private static Transform<T> Checked(Transform<T> inner, Network<T> embedding)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(embedding);
        return inner.ConditionColumns == embedding.Outputs
            ? inner
            : throw new ArgumentException($"Expected a transform of {embedding.Outputs} conditions, the outputs of the network, got one of {inner.ConditionColumns}.", nameof(inner));
    }

    private Variable<T> Embed(Tape<T> tape, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var rows = tape.AsBlock(conditions);
        var embedded = embedding.ApplyCore(tape, rows);
        if (!conditions.IsBlock)
            tape.Release(rows);
        return embedded;
    }
}
