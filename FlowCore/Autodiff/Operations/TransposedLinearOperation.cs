using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = x W: the product with a weight from the other side, for blocks of as many columns as the weight has outputs.</summary>
/// <remarks>Adjoint: x̄ += ȳ Wᵀ, W̄ += xᵀ ȳ.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class TransposedLinearOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TransposedLinearOperation()
    {
    }

    internal static TransposedLinearOperation<T> Instance { get; } = new();

    /// <summary>Multiplies.</summary>
    /// <param name="x">A block [rows, outputs].</param>
    /// <param name="weight">A shared variable of inputs rows and outputs columns, as in <see cref="LinearOperation{T}"/>.</param>
    /// <returns>[rows, inputs].</returns>
    internal Variable<T> Apply(Variable<T> x, Variable<T> weight)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = tape.Allocate(weight.Rows);
        // The second output is scratch for the adjoint of x.
        tape.ApplyInto(this, [x, weight], [y, tape.Allocate(x.Columns)]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.LinearInputAdjoint(call.Input(1), call.Input(0), call.Output(0), staircase: null, accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        if (call.Needs(1))
            call.Kernels.LinearWeightAdjoint(call.Input(0), adjoint, call.InputAdjoint(1), staircase: null);
        if (!call.Needs(0))
            return;
        var product = call.Output(1);
        call.Kernels.Linear(adjoint, call.Input(1), default, UnaryFunction.Identity, product, default, staircase: null);
        call.Kernels.Copy(product, call.InputAdjoint(0), accumulate: true);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, weight) = (call.InputTangent(0), call.InputTangent(1));
        call.SetOutputTangent(0, TangentRules.Sum(
            x.IsNone ? default : Apply(x, call.Input(1)),
            weight.IsNone ? default : Apply(call.Input(0), weight)));
    }
}
