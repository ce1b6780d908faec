using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>A whole solve as one operation that keeps its end alone: backward the state and its adjoint are solved together, dy/dt = f and da/dt = −aᵀ ∂f/∂y.</summary>
/// <remarks>
/// Chen et al. 2018, "Neural ordinary differential equations", algorithm 1; ∂L/∂θ = ∫ aᵀ ∂f/∂θ dt is added up with the weights of the method. Each stage walks the field back once from a
/// times its weight, so the gradients of parameters and conditions arrive with their weight and a' is what reaches the state divided by it. Inputs as in <see cref="RecomputedStep{T}"/>.
/// </remarks>
internal sealed class AdjointSolve<T>(ContinuousTransform<T> transform, RungeKutta method, int steps, double from, double to) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _step = (to - from) / steps;

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var tape = call.Tape;
        using var scope = tape.WithoutRecording();
        var state = call.InputVariable(0);
        for (var i = 0; i < steps; i++)
        {
            var next = tape.Allocate(state.Columns);
            StepInto(tape, state, call.InputVariable(1), call.InputVariable(2), i, next);
            if (i > 0)
                tape.Release(state);
            state = next;
        }

        tape.Kernels.Copy(tape.ValueOf(state), call.Output(0), accumulate: false);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var tape = call.Tape;
        var columns = call.Output(0).Columns;
        using var scope = tape.WithoutRecording();
        var (state, adjoint) = (tape.Allocate(columns), tape.Allocate(columns));
        tape.Kernels.Copy(call.Output(0), tape.ValueOf(state), accumulate: false);
        tape.Kernels.Copy(call.OutputAdjoint(0), tape.ValueOf(adjoint), accumulate: false);
        for (var i = steps - 1; i >= 0; i--)
            StepBack(call, tape, state, adjoint, from + ((i + 1) * _step));
        if (call.Needs(0))
            tape.Kernels.Copy(tape.ValueOf(adjoint), call.InputAdjoint(0), accumulate: true);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var state = call.Input(0);
        for (var i = 0; i < steps; i++)
            state = transform.Step(call.Tape, state, call.Input(1), call.Input(2), from + (i * _step), _step);
        call.SetOutputTangent(0, call.TangentOf(state));
    }

    private void StepInto(Tape<T> tape, Variable<T> state, Variable<T> conditions, Variable<T> epsilon, int i, Variable<T> next)
    {
        using var scope = tape.WithoutRecording();
        var end = transform.Step(tape, state, conditions, epsilon, from + (i * _step), _step);
        tape.Kernels.Copy(tape.ValueOf(end), tape.ValueOf(next), accumulate: false);
    }

    // From t to t − h, in place.
    private void StepBack(in OperationCall<T> call, Tape<T> tape, Variable<T> state, Variable<T> adjoint, double time)
    {
        using var scope = tape.WithoutRecording();
        var kernels = tape.Kernels;
        var slopes = default(RungeKutta.Slopes<T>);
        var adjointSlopes = default(RungeKutta.Slopes<T>);
        for (var i = 0; i < method.Stages; i++)
        {
            var y = RungeKutta.Move(state, slopes, method.StageWeights(i), -_step);
            var a = RungeKutta.Move(adjoint, adjointSlopes, method.StageWeights(i), -_step);
            var weight = method.Weight(i) * _step;
            var counts = weight != 0;
            var inner = tape.BeginInner(counts && call.Needs(3));
            var reached = tape.Zeros(state.Columns);
            var at = inner.Adopt(tape.ValueOf(y), tape.ValueOf(reached));
            var conditions = inner.Adopt(call.Input(1), counts ? call.InputAdjoint(1) : default);
            var slope = transform.Slope(inner, at, conditions, inner.Adopt(call.Input(2), default), time - (method.Node(i) * _step));
            slopes[i] = tape.Allocate(state.Columns);
            kernels.Copy(inner.ValueOf(slope), tape.ValueOf(slopes[i]), accumulate: false);
            inner.Backward(slope, tape.ValueOf(a), T.CreateTruncating(counts ? weight : 1));
            adjointSlopes[i] = reached * T.CreateTruncating(counts ? -1 / weight : -1);
        }

        var before = transform.OnSpace(RungeKutta.Move(state, slopes, method.Weights, -_step));
        kernels.Copy(tape.ValueOf(before), tape.ValueOf(state), accumulate: false);
        kernels.Copy(tape.ValueOf(RungeKutta.Move(adjoint, adjointSlopes, method.Weights, -_step)), tape.ValueOf(adjoint), accumulate: false);
    }
}
