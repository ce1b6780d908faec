using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = scale · x + shift with the same two numbers everywhere.</summary>
/// <remarks>Adjoint: x̄ += scale · ȳ; tangent: ẏ = scale · ẋ.</remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="scale">The factor.</param>
/// <param name="shift">The summand.</param>
public sealed class ScaleShiftOperation<T>(T scale, T shift) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ScaleShiftOperation<T>? _linear;

    /// <summary>The factor.</summary>
    public T Scale => scale;

    /// <summary>The summand.</summary>
    public T Shift => shift;

    /// <summary>Applies the operation.</summary>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.ScaleShift(call.Input(0), scale, shift, call.Output(0), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.ScaleShift(call.OutputAdjoint(0), scale, T.Zero, adjoint, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Linear().Apply(call.InputTangent(0)));

    // Made once; where two threads meet here either's will do.
    private ScaleShiftOperation<T> Linear() => shift == T.Zero ? this : _linear ??= new ScaleShiftOperation<T>(scale, T.Zero);
}
