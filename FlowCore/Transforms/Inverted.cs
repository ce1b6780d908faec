using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>f⁻¹: a transform with its directions exchanged. An inverse autoregressive flow is an inverted masked one (Kingma et al. 2016).</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="inner">f.</param>
public sealed class Inverted<T>(Transform<T> inner) : Transform<T>(
    (inner ?? throw new ArgumentNullException(nameof(inner))).Features, inner.ContextFeatures, inner.Parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f.</summary>
    public Transform<T> Inner => inner;

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet) =>
        inner.InverseCore(tape, x, context, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet) =>
        inner.ForwardCore(tape, z, context, out logDet);

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() => new Inverted<TOther>(inner.RecreateCore<TOther>());
}
