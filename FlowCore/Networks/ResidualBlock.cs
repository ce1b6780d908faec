using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>h + t with t made of h by two layers; the context may be added between them or be the gate of t.</summary>
/// <param name="First">The first layer. It has no activation of its own where a context is added or a normalisation stands behind it.</param>
/// <param name="Second">The second layer, without an activation.</param>
/// <param name="Activation">The activation of h, where it has one, and between the layers.</param>
/// <param name="ActivatesInput">Whether the first layer reads act(h), or h itself.</param>
/// <param name="Context">The layer of the context, as wide as h; null for none. As a gate its activation is the logistic function.</param>
/// <param name="IsGated">Whether the context is a gate: t ∘ σ(W c + b), a gated linear unit.</param>
/// <param name="Normalizations">Those in front of both activations; null for none. With them the block activates its input.</param>
internal sealed record ResidualBlock<T>(
    Layer<T> First, Layer<T> Second, UnaryFunction Activation, bool ActivatesInput, Layer<T>? Context, bool IsGated, UnitNormalization<T>[]? Normalizations = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public IEnumerable<Parameter<T>> Parameters
    {
        get
        {
            if (Context is not null)
            {
                yield return Context.Weight;
                yield return Context.Bias;
            }

            foreach (var normalization in Normalizations ?? [])
            {
                foreach (var parameter in normalization.Parameters)
                    yield return parameter;
            }

            yield return First.Weight;
            yield return First.Bias;
            yield return Second.Weight;
            yield return Second.Bias;
        }
    }

    public bool AddsContext => Context is not null && !IsGated;

    /// <summary>Whether something stands between the first layer and its activation.</summary>
    public bool ActivatesLater => AddsContext || Normalizations is not null;

    /// <summary>The activation that a block's first layer has itself.</summary>
    public static UnaryFunction FirstActivation(UnaryFunction activation, bool activatesLater) => activatesLater ? UnaryFunction.Identity : activation;

    /// <summary>The two normalisations of a block by the libraries' names.</summary>
    /// <param name="block">What the names of the block begin with.</param>
    /// <param name="units">How many units.</param>
    /// <param name="order">Their canonical numbers, or null.</param>
    public static UnitNormalization<T>[] Normalize(string block, int units, int[]? order = null) =>
        [new($"{block}.batch_norm_layers.0", units, order), new($"{block}.batch_norm_layers.1", units, order)];

    public Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> context)
    {
        var y = tape.Allocate(h.Columns);
        using var scope = tape.BeginScope();
        var t = Normalizations is null ? h : Normalizations[0].Apply(tape, h);
        t = First.Apply(tape, ActivatesInput ? t.Apply(Activation) : t);
        if (AddsContext)
            t += Context!.Apply(tape, context);
        if (Normalizations is not null)
            t = Normalizations[1].Apply(tape, t);
        if (ActivatesLater)
            t = t.Apply(Activation);
        t = Second.Apply(tape, t);
        if (IsGated && Context is not null)
            t *= Context.Apply(tape, context);
        tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Add), [h, t], [y]);
        return y;
    }
}
