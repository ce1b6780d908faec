using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>h + t with t made of h by two layers; the context may be added between them or be the gate of t.</summary>
/// <param name="First">The first layer. It has no activation of its own where a context is added behind it.</param>
/// <param name="Second">The second layer, without an activation.</param>
/// <param name="Activation">The activation of h, where it has one, and between the layers.</param>
/// <param name="ActivatesInput">Whether the first layer reads act(h), or h itself.</param>
/// <param name="Context">The layer of the context, as wide as h; null for none. As a gate its activation is the logistic function.</param>
/// <param name="IsGated">Whether the context is a gate: t ∘ σ(W c + b), a gated linear unit.</param>
internal sealed record ResidualBlock<T>(Layer<T> First, Layer<T> Second, UnaryFunction Activation, bool ActivatesInput, Layer<T>? Context, bool IsGated)
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

            yield return First.Weight;
            yield return First.Bias;
            yield return Second.Weight;
            yield return Second.Bias;
        }
    }

    public bool AddsContext => Context is not null && !IsGated;

    /// <summary>The activation that a block's first layer has itself.</summary>
    public static UnaryFunction FirstActivation(UnaryFunction activation, bool addsContext) => addsContext ? UnaryFunction.Identity : activation;

    public Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> context)
    {
        var y = tape.Allocate(h.Columns);
        using var scope = tape.BeginScope();
        var t = First.Apply(tape, ActivatesInput ? h.Apply(Activation) : h);
        if (AddsContext)
            t = (t + Context!.Apply(tape, context)).Apply(Activation);
        t = Second.Apply(tape, t);
        if (IsGated && Context is not null)
            t *= Context.Apply(tape, context);
        tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Add), [h, t], [y]);
        return y;
    }
}
