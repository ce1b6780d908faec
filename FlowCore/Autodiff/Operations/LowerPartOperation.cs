using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>What is below the diagonal of a shared square matrix, with or without the diagonal, and zeros above.</summary>
/// <remarks>Adjoint: the same part of ȳ. Element (i, j) of the matrix is row j of column i, as the tape shows a parameter.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class LowerPartOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly LowerPartOperation<T> _below = new(0);
    private static readonly LowerPartOperation<T> _withDiagonal = new(1);

    private readonly int _diagonal;

    private LowerPartOperation(int diagonal) => _diagonal = diagonal;

    internal static LowerPartOperation<T> Of(bool withDiagonal) => withDiagonal ? _withDiagonal : _below;

    /// <summary>Applies the operation to a shared matrix [D, D].</summary>
    internal Variable<T> Apply(Variable<T> matrix)
    {
        var y = OperandChecks.TapeOf(matrix, nameof(matrix)).AllocateShared(matrix.Rows, matrix.Columns);
        y.Tape!.ApplyInto(this, [matrix], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        call.Kernels.Fill(call.Output(0), T.Zero);
        Copy(call.Kernels, call.Input(0), call.Output(0));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => Copy(call.Kernels, call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));

    private void Copy(Kernels<T> kernels, in Matrix<T> from, in Matrix<T> to)
    {
        for (var i = 0; i < from.Columns; i++)
        {
            var count = i + _diagonal;
            if (count > 0)
                kernels.Copy(Start(from, i, count), Start(to, i, count), accumulate: true);
        }
    }

    // The first numbers of a column as a shared matrix of one column.
    private static Matrix<T> Start(in Matrix<T> matrix, int column, int count) =>
        matrix.Slice(column, 1) with { Rows = count, Stride = count };
}
