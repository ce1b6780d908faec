using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The numbers of a shared matrix, in the order of memory, as a shared matrix of another shape.</summary>
/// <remarks>
/// A weight [out, in] lies in row-major order, so [1, out · in] in that order becomes the weight, and the other way round.
/// Adjoint and tangent: the same numbers in the other shape.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class ReshapeOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int Rows, int Columns), ReshapeOperation<T>> _all = new(shape => new ReshapeOperation<T>(shape.Rows, shape.Columns));

    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Creates the operation.</summary>
    /// <param name="rows">The rows of the result, as the tape shows it: the inputs of a weight.</param>
    /// <param name="columns">The columns of the result: the outputs of a weight.</param>
    internal ReshapeOperation(int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
    }

    /// <summary>The operation of a shape, made once.</summary>
    /// <param name="rows">The rows of the result.</param>
    /// <param name="columns">The columns of the result.</param>
    internal static ReshapeOperation<T> Of(int rows, int columns) => _all[(rows, columns)];

    /// <summary>Reshapes a shared matrix of as many numbers.</summary>
    internal Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (x.IsBlock || (long)x.Rows * x.Columns != (long)_rows * _columns)
            throw new ArgumentException($"Expected a shared matrix of {_rows * _columns} numbers; {OperandChecks.Shape(x)} came.", nameof(x));
        var y = tape.AllocateShared(_rows, _columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Copy(BatchedMatrices.Row(call.Input(0)), BatchedMatrices.Row(call.Output(0)), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.Copy(BatchedMatrices.Row(call.OutputAdjoint(0)), BatchedMatrices.Row(adjoint), accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
