using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Elementwise functions of two arguments, with repeated operands.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Binary(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y) =>
        _program.Of(function).Value.On(Accelerator)(Stream, ColumnsOf(y), RowsOf(a), RowsOf(b), Of(y));

    // One operand after the other: where both are the same variable, their adjoints are the same memory.
    public override void BinaryAdjoint(BinaryFunction function, in Matrix<T> a, in Matrix<T> b, in Matrix<T> dy, in Matrix<T> da, in Matrix<T> db)
    {
        var kernels = _program.Of(function);
        if (!da.IsEmpty && IsSummed(da, dy))
            kernels.SumByFirst.On(Accelerator)(Stream, GroupFor(da.Columns), RowsOf(a), RowsOf(b), Of(dy), Of(da), dy.PaddedRows, ColumnsOfGroup(da, dy));
        else if (!da.IsEmpty)
            kernels.ByFirst.On(Accelerator)(Stream, dy.PaddedRows, RowsOf(a), RowsOf(b), Of(dy), RowsOf(da), dy.Columns);
        if (!db.IsEmpty && IsSummed(db, dy))
            kernels.SumBySecond.On(Accelerator)(Stream, GroupFor(db.Columns), RowsOf(a), RowsOf(b), Of(dy), Of(db), dy.PaddedRows, ColumnsOfGroup(db, dy));
        else if (!db.IsEmpty)
            kernels.BySecond.On(Accelerator)(Stream, dy.PaddedRows, RowsOf(a), RowsOf(b), Of(dy), RowsOf(db), dy.Columns);
    }

    public override void ScaleShift(in Matrix<T> x, T scale, T shift, in Matrix<T> y, bool accumulate) =>
        _program.ScaleShift.On(Accelerator)(Stream, RunsOf(y), Of(x), scale, shift, Of(y), accumulate ? 1 : 0);

    // Whether the operand is one row beside several: its adjoint is a sum over them. A row beside a row is not summed.
    private static bool IsSummed(in Matrix<T> operand, in Matrix<T> y) => !operand.IsBlock && operand.Rows == 1 && (y.IsBlock || y.Rows > 1);

    // The adjoint of a single number is a sum over the columns, too.
    private static int ColumnsOfGroup(in Matrix<T> operand, in Matrix<T> y) => operand.Columns == 1 ? y.Columns : 1;
}
