using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>f⁻¹: a transform with its directions exchanged. An inverse autoregressive flow is an inverted masked one (Kingma et al. 2016).</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="inner">f.</param>
public sealed class Inverted<T>(Transform<T> inner) : Transform<T>(
    (inner ?? throw new ArgumentNullException(nameof(inner))).NoiseFeatures, inner.ConditionColumns, inner.Parameters, inner.Features), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static string Kind => "inverted";

    /// <summary>f.</summary>
    public Transform<T> Inner => inner;

    /// <inheritdoc/>
    public override Domain Domain => inner.Codomain;

    /// <inheritdoc/>
    public override Domain Codomain => inner.Domain;

    /// <inheritdoc/>
    protected internal override int BlockColumns => Inner.BlockColumns;

    /// <inheritdoc/>
    internal override bool TakesPixels => Inner.TakesPixels;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Inverted<T>(reader.Part<Transform<T>>("inner"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("inner", inner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        inner.InverseCore(tape, x, conditions, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        inner.ForwardCore(tape, z, conditions, out logDet);

    /// <inheritdoc/>
    internal override Variable<T> PixelsCore(Tape<T> tape, Variable<T> x, ConvolutionOperation<T> product, bool inverse, out Variable<T> logDet) =>
        inner.PixelsCore(tape, x, product, !inverse, out logDet);
}
