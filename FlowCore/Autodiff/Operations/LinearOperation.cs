using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = act(x Wᵀ + b): a linear layer with bias and activation in one operation, dense or masked.</summary>
/// <remarks>
/// Adjoint: with p̄ = ȳ ∘ act'(p), b̄ += Σ_rows p̄, W̄ += p̄ᵀ x, x̄ += p̄ W (Goodfellow, Bengio and Courville 2016, section
/// 6.5). The zero blocks of a masked weight are skipped in all three products. Tangent: ẏ = act'(p) ∘ (ẋ Wᵀ + x Ẇᵀ + ḃ). A kept
/// pre-activation is an output too, of which tangents make use, so it may have an adjoint of its own. Ẇ is to be zero outside the
/// zero structure, as W is.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="activation">The activation.</param>
/// <param name="staircase">The zero structure of the weight, or null for a dense one.</param>
public sealed class LinearOperation<T>(UnaryFunction activation, Staircase? staircase = null) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LinearOperation<T>? _product;

    /// <summary>The dense layer without an activation.</summary>
    internal static LinearOperation<T> Product { get; } = new(UnaryFunction.Identity);

    /// <summary>The activation.</summary>
    public UnaryFunction Activation => activation;

    /// <summary>The zero structure of the weight, or null.</summary>
    public Staircase? Staircase => staircase;

    /// <summary>Applies the layer to a block.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">A shared variable of inputs rows and outputs columns (a weight parameter as the tape shows it).</param>
    /// <param name="bias">[1, outputs], or "no variable".</param>
    /// <returns>[rows, outputs].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> weight, Variable<T> bias)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var outputs = weight.Columns;
        if (weight.Rows != x.Columns)
            throw new ArgumentException($"Expected {weight.Rows} columns, as many as the weight has inputs, got {x.Columns}.", nameof(x));
        if (staircase is not null && (staircase.Inputs != weight.Rows || staircase.Outputs != outputs))
            throw new ArgumentException($"Expected a weight of {staircase.Outputs} × {staircase.Inputs}, as its zero structure, got {outputs} × {weight.Rows}.", nameof(weight));
        if (!bias.IsNone && bias.Columns != outputs)
            throw new ArgumentException($"Expected a bias of {outputs} numbers, got {bias.Columns}.", nameof(bias));
        var y = tape.Allocate(outputs);
        ApplyInto(x, weight, bias, y);
        return y;
    }

    /// <summary>
    /// Applies the layer and writes to columns that were allocated before; the weight may have more rows than x has
    /// columns: then only its first inputs count. The autoregressive inverse fills a layer group by group this way.
    /// </summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">A shared variable of at least inputs rows and outputs columns.</param>
    /// <param name="bias">[1, outputs], or "no variable".</param>
    /// <param name="y">[rows, outputs], allocated, not yet written.</param>
    public void ApplyInto(Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> y)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (activation.DerivativeNeedsArgument && tape.IsRecording)
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
        var direct = call.Outputs > 1 ? call.OutputAdjoint(1) : default;
        if (direct.IsEmpty)
        {
            call.Kernels.ActivationAdjoint(activation, call.Output(0), preActivation, adjoint, call.InputAdjoint(2));
        }
        else
        {
            if (!adjoint.IsEmpty)
            {
                call.Kernels.ActivationAdjoint(activation, call.Output(0), preActivation, adjoint, default);
                call.Kernels.Copy(adjoint, direct, accumulate: true);
            }

            adjoint = direct;
            call.Kernels.ActivationAdjoint(UnaryFunction.Identity, call.Output(0), default, adjoint, call.InputAdjoint(2));
        }

        if (call.Needs(1))
            call.Kernels.LinearWeightAdjoint(adjoint, call.Input(0), call.InputAdjoint(1), staircase);
        var input = call.InputAdjoint(0, out var fresh);
        if (!input.IsEmpty)
            call.Kernels.LinearInputAdjoint(call.Input(1), adjoint, input, staircase, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, weight, bias) = (call.InputTangent(0), call.InputTangent(1), call.InputTangent(2));
        var linear = x.IsNone ? default : Multiply(x, call.Input(1), bias);
        if (!weight.IsNone)
            linear = TangentRules.Sum(linear, Multiply(call.Input(0), weight, x.IsNone ? bias : default));
        if (x.IsNone && weight.IsNone)
            linear = bias;
        if (call.Outputs > 1)
            call.SetOutputTangent(1, linear);
        if (activation == UnaryFunction.Identity)
        {
            call.SetOutputTangent(0, linear);
            return;
        }

        // What the layer did not keep is computed anew.
        var preActivation = call.Outputs > 1 ? call.Output(1) : Multiply(call.Input(0), call.Input(1), call.Input(2));

        // A tangent of the bias alone is a row for all events.
        call.SetOutputTangent(0, UnaryTangentOperation<T>.Of(activation).Apply(preActivation, call.Output(0), call.Tape.AsBlock(linear)));
    }

    private Variable<T> Multiply(Variable<T> x, Variable<T> weight, Variable<T> bias)
    {
        // Made once; where two threads meet here either's will do.
        var product = activation == UnaryFunction.Identity ? this : staircase is null ? Product : _product ??= new LinearOperation<T>(UnaryFunction.Identity, staircase);
        var y = x.Tape!.Allocate(weight.Columns);
        product.ApplyInto(x, weight, bias, y);
        return y;
    }
}
