using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The columns of several variables side by side.</summary>
/// <remarks>Adjoint: each input gets its columns of ȳ, a shared row their sums over the rows.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ConcatenateOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ConcatenateOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static ConcatenateOperation<T> Instance { get; } = new();

    /// <summary>Puts variables side by side.</summary>
    /// <param name="inputs">At least one: blocks and shared rows, which are repeated for every event; or shared matrices of equal rows.</param>
    /// <returns>A block where an input is one, else shared.</returns>
    /// <exception cref="ArgumentException">There is no input, one is missing, or their rows differ.</exception>
    public Variable<T> Apply(params ReadOnlySpan<Variable<T>> inputs)
    {
        if (inputs.IsEmpty)
            throw new ArgumentException("Expected at least one variable, got none.", nameof(inputs));
        var tape = OperandChecks.TapeOf(inputs[0], nameof(inputs));
        var block = false;
        var columns = 0;
        foreach (var input in inputs)
        {
            OperandChecks.TapeOf(input, nameof(inputs));
            block |= input.IsBlock;
            columns = checked(columns + input.Columns);
        }

        foreach (var input in inputs)
        {
            if (block ? !input.IsBlock && input.Rows != 1 : input.Rows != inputs[0].Rows)
                throw new ArgumentException($"Expected {(block ? "blocks and shared rows" : $"{inputs[0].Rows} rows, as in the first")}, got {OperandChecks.Shape(input)}.", nameof(inputs));
        }

        var y = block ? tape.Allocate(columns) : tape.AllocateShared(inputs[0].Rows, columns);
        tape.ApplyInto(this, inputs, [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var y = call.Output(0);
        var start = 0;
        for (var i = 0; i < call.Inputs; i++)
        {
            var x = call.Input(i);
            call.Kernels.Copy(x, y.Slice(start, x.Columns), accumulate: false);
            start += x.Columns;
        }
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var y = call.Output(0);
        var adjoint = call.OutputAdjoint(0);
        var start = 0;
        for (var i = 0; i < call.Inputs; i++)
        {
            var x = call.Input(i);
            var slice = adjoint.Slice(start, x.Columns);
            if (call.Needs(i) && x.IsBlock == y.IsBlock)
            {
                var target = call.InputAdjoint(i, out var fresh);
                call.Kernels.Copy(slice, target, accumulate: !fresh);
            }
            else if (call.Needs(i))
            {
                // The adjoint of an addition to a block sums over the rows of its repeated operand.
                call.Kernels.BinaryAdjoint(BinaryFunction.Add, x, y.Slice(start, x.Columns), slice, call.InputAdjoint(i), default);
            }

            start += x.Columns;
        }
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var tangent = call.Tape.ZerosLike(call.Output(0));
        var start = 0;
        for (var i = 0; i < call.Inputs; i++)
        {
            var columns = call.Input(i).Columns;
            var part = call.InputTangent(i);
            if (!part.IsNone)
                call.Tape.CopyInto(part, call.Tape.Slice(tangent, start, columns));
            start += columns;
        }

        call.SetOutputTangent(0, tangent);
    }
}
