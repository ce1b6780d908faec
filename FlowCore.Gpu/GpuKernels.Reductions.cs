using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Sums over columns and rows, and the logarithm of a sum of exponentials.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void SumColumns(in Matrix<T> x, in Matrix<T> y) =>
        _program.SumColumns.On(Accelerator)(Stream, x.PaddedRows, Of(x), x.Columns, Of(y));

    public override void SumRows(in Matrix<T> x, in Matrix<T> y) =>
        _program.SumRows.On(Accelerator)(Stream, GroupFor(x.Columns), Of(x), x.Rows, Of(y), 0);

    public override void LogSumExp(in Matrix<T> x, in Matrix<T> y) =>
        _program.LogSumExp.On(Accelerator)(Stream, x.PaddedRows, Of(x), x.Columns, Of(y));

    public override void LogSumExpAdjoint(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) =>
        _program.LogSumExpAdjoint.On(Accelerator)(Stream, ColumnsOf(dx), Of(x), Of(y), Of(dy), Of(dx));

    public override void BroadcastAdd(in Matrix<T> dy, in Matrix<T> dx)
    {
        // The adjoint of a sum over the columns has as many rows as the argument and one column; that of a sum over
        // the rows is shared and counts for valid rows only, since padding must keep adjoint zero.
        var overColumns = dy.IsBlock == dx.IsBlock && dy.Rows == dx.Rows && dy.Columns == 1;
        var operand = overColumns ? new DeviceOperand<T>(DataOf(dy), 1, 0) : new DeviceOperand<T>(DataOf(dy), 0, dy.Stride);
        _program.Copy.On(Accelerator)(Stream, new Index2D(overColumns ? dx.PaddedRows : dx.Rows, dx.Columns), operand, Of(dx), 1);
    }
}
