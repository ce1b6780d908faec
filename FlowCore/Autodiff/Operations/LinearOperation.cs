using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = act(x Wᵀ + b): a linear layer with bias and activation in one operation, dense or masked.</summary>
/// <remarks>
/// Adjoint: with p̄ = ȳ ∘ act'(p), b̄ += Σ_rows p̄, W̄ += p̄ᵀ x, x̄ += p̄ W (Goodfellow, Bengio and Courville 2016, section
/// 6.5). The zero blocks of a masked weight are skipped in all three products.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="activation">The activation.</param>
/// <param name="staircase">The zero structure of the weight, or null for a dense one.</param>
public sealed class LinearOperation<T>(UnaryFunction activation, Staircase? staircase = null) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The activation.</summary>
    public UnaryFunction Activation => activation;

    /// <summary>The zero structure of the weight, or null.</summary>
    public Staircase? Staircase => staircase;

    /// <summary>Applies the layer to a block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">A shared variable of inputs rows and outputs columns (a weight parameter as the tape shows it).</param>
    /// <param name="bias">[1, outputs], or "no variable".</param>
    /// <returns>[rows, outputs].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> weight, Variable<T> bias)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var outputs = weight.Columns;
        if (weight.Rows != x.Columns)
            throw new ArgumentException($"The weight takes {weight.Rows} inputs; x has {x.Columns} columns.", nameof(x));
        if (staircase is not null && (staircase.Inputs != weight.Rows || staircase.Outputs != outputs))
            throw new ArgumentException($"The zero structure is {staircase.Outputs} × {staircase.Inputs}; the weight is {outputs} × {weight.Rows}.", nameof(weight));
        if (!bias.IsNone && bias.Columns != outputs)
            throw new ArgumentException($"Expected a bias of {outputs} numbers; {bias.Columns} came.", nameof(bias));
        var y = tape.Allocate(outputs);
        ApplyInto(tape, x, weight, bias, y);
        return y;
    }

    /// <summary>
    /// Applies the layer and writes to columns that were allocated before; the weight may have more rows than x has
    /// columns: then only its first inputs count. The autoregressive inverse fills a layer group by group this way.
    /// </summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">A shared variable of at least inputs rows and outputs columns.</param>
    /// <param name="bias">[1, outputs], or "no variable".</param>
    /// <param name="y">[rows, outputs], allocated, not yet written.</param>
    public void ApplyInto(Tape<T> tape, Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> y)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (Activation.DerivativeNeedsArgument && tape.IsRecording)
            tape.ApplyInto(this, [x, weight, bias], [y, tape.Allocate(y.Columns)]);
        else
            tape.ApplyInto(this, [x, weight, bias], [y]);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Linear(
            call.Input(0), call.Input(1), call.Input(2), activation, call.Output(0), call.Outputs > 1 ? call.Output(1) : default, staircase);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        var preActivation = call.Outputs > 1 ? call.Output(1) : default;
        call.Kernels.ActivationAdjoint(activation, call.Output(0), preActivation, adjoint, call.InputAdjoint(2));
        if (call.Needs(1))
            call.Kernels.LinearWeightAdjoint(adjoint, call.Input(0), call.InputAdjoint(1), staircase);
        var input = call.InputAdjoint(0, out var fresh);
        if (!input.IsEmpty)
            call.Kernels.LinearInputAdjoint(call.Input(1), adjoint, input, staircase, accumulate: !fresh);
    }
}
