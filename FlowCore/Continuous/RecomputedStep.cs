using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>One step of a solve as one operation: forward nothing but its end is kept, backward it is computed anew on the inner tape.</summary>
/// <remarks>
/// Inputs: the state [rows, S], the conditions, ε, and a parameter of the field, by which the tape knows that the end depends on parameters: their gradients are
/// added where the inner tape meets them. The gradient is that of the step as it was computed, to the last bit.
/// </remarks>
internal sealed class RecomputedStep<T>(ContinuousTransform<T> transform, double time, double step) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var tape = call.Tape;
        using var scope = tape.WithoutRecording();
        var end = transform.Step(tape, call.InputVariable(0), call.InputVariable(1), call.InputVariable(2), time, step);
        tape.Kernels.Copy(tape.ValueOf(end), call.Output(0), accumulate: false);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var inner = call.Tape.BeginInner(call.Needs(3));
        var state = inner.Adopt(call.Input(0), call.InputAdjoint(0));
        var conditions = inner.Adopt(call.Input(1), call.InputAdjoint(1));
        var end = transform.Step(inner, state, conditions, inner.Adopt(call.Input(2), default), time, step);
        inner.Backward(end, call.OutputAdjoint(0), T.One);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, call.TangentOf(transform.Step(call.Tape, call.Input(0), call.Input(1), call.Input(2), time, step)));
}
