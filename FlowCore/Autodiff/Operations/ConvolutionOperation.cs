using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = act(w ∗ x + b): a convolution of arrays whose pixels are columns, with bias and activation, one operation for all pixels.</summary>
/// <remarks>
/// Sizes, edges, the order of the columns and the pixels that count are those of a <see cref="ConvolutionShape"/>. Adjoint: with p̄ = ȳ ∘ act'(p), x̄ += the convolution of p̄ with w turned
/// by half a turn, w̄(n, c, a, b) += Σ p̄(n, i, j) x(c, i + a − k/2, j + b − k/2) and b̄(n) += Σ p̄(n, i, j) over rows and pixels (Goodfellow, Bengio and Courville 2016, section 9.5).
/// Tangent: ẏ = act'(p) ∘ (w ∗ ẋ + ẇ ∗ x + ḃ). k² · inputs · outputs products a pixel, three times that with both adjoints.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="shape">The sizes.</param>
/// <param name="activation">The activation.</param>
public sealed class ConvolutionOperation<T>(ConvolutionShape shape, UnaryFunction activation) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ConvolutionOperation<T>? _product;

    /// <summary>The sizes.</summary>
    public ConvolutionShape Shape => shape;

    /// <summary>The activation.</summary>
    public UnaryFunction Activation => activation;

    /// <summary>Applies the convolution to a block.</summary>
    /// <param name="x">[rows, inputs · pixels].</param>
    /// <param name="weight">A shared variable of inputs · k · k rows and outputs columns (a weight parameter [outputs, inputs · k · k] as the tape shows it).</param>
    /// <param name="bias">[1, outputs], or "no variable".</param>
    /// <returns>[rows, outputs · pixels].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> weight, Variable<T> bias)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (!x.IsBlock || x.Columns != shape.Inputs * shape.Pixels)
            throw new ArgumentException($"Expected a block of {shape.Inputs * shape.Pixels} columns, {shape.Inputs} channels of {shape.Height} x {shape.Width}, got {OperandChecks.Shape(x)}.", nameof(x));
        if (weight.IsBlock || weight.Rows != shape.WindowLength || weight.Columns != shape.Outputs)
            throw new ArgumentException($"Expected a weight of {shape.Outputs} × {shape.WindowLength}, got {OperandChecks.Shape(weight)}.", nameof(weight));
        if (!bias.IsNone && (bias.IsBlock || bias.Rows != 1 || bias.Columns != shape.Outputs))
            throw new ArgumentException($"Expected a bias of {shape.Outputs} numbers, got {OperandChecks.Shape(bias)}.", nameof(bias));
        var y = tape.Allocate(shape.Outputs * shape.Pixels);
        if (activation.DerivativeNeedsArgument && tape.IsRecording)
            tape.ApplyInto(this, [x, weight, bias], [y, tape.Allocate(y.Columns)]);
        else
            tape.ApplyInto(this, [x, weight, bias], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.Convolution(
        shape, call.Input(0), call.Input(1), call.Input(2), activation, call.Output(0), call.Outputs > 1 ? call.Output(1) : default);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var (adjoint, preActivation) = (call.OutputAdjoint(0), call.Outputs > 1 ? call.Output(1) : default);
        var direct = call.Outputs > 1 ? call.OutputAdjoint(1) : default;
        var remaining = activation;
        if (!direct.IsEmpty)
        {
            // Tangents read the kept pre-activation, which then has an adjoint of its own.
            if (!adjoint.IsEmpty)
            {
                call.Kernels.ActivationAdjoint(activation, call.Output(0), preActivation, adjoint, default);
                call.Kernels.Copy(adjoint, direct, accumulate: true);
            }

            (adjoint, remaining) = (direct, UnaryFunction.Identity);
        }

        var (weight, bias) = (call.InputAdjoint(1), call.InputAdjoint(2));
        var input = call.InputAdjoint(0, out var fresh);
        call.Kernels.ConvolutionAdjoint(
            shape, remaining, call.Input(0), call.Input(1), call.Output(0), preActivation, adjoint, input, accumulate: !fresh, weight, bias);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, weight, bias) = (call.InputTangent(0), call.InputTangent(1), call.InputTangent(2));
        var linear = default(Variable<T>);
        if (!x.IsNone)
            linear = Product.Apply(call.Tape.AsBlock(x), call.Input(1), bias);
        if (!weight.IsNone)
            linear = TangentRules.Sum(linear, Product.Apply(call.Input(0), weight, x.IsNone ? bias : default));
        if (x.IsNone && weight.IsNone)
            linear = Product.Apply(call.Tape.ZerosLike(call.Input(0)), call.Input(1), bias);
        if (call.Outputs > 1)
            call.SetOutputTangent(1, linear);
        if (activation == UnaryFunction.Identity)
        {
            call.SetOutputTangent(0, linear);
            return;
        }

        // What the operation did not keep is computed anew.
        var preActivation = call.Outputs > 1 ? call.Output(1) : Product.Apply(call.Input(0), call.Input(1), call.Input(2));
        call.SetOutputTangent(0, UnaryTangentOperation<T>.Of(activation).Apply(preActivation, call.Output(0), linear));
    }

    // Made once; where two threads meet here either's will do.
    private ConvolutionOperation<T> Product => activation == UnaryFunction.Identity ? this : _product ??= new ConvolutionOperation<T>(shape, UnaryFunction.Identity);
}
