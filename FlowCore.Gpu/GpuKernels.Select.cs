using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>The choice between two operands, with repeated operands.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Select(in Matrix<T> mask, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y) =>
        _program.Select.On(Accelerator)(Stream, ColumnsOf(y), RowsOf(mask), RowsOf(a), RowsOf(b), Of(y));

    public override void SelectAdjoint(in Matrix<T> mask, bool first, in Matrix<T> dy, in Matrix<T> d)
    {
        if (IsSummed(d, dy))
            _program.SumSelectAdjoint.On(Accelerator)(Stream, GroupFor(d.Columns), RowsOf(mask), first ? 1 : 0, Of(dy), Of(d), dy.PaddedRows, ColumnsOfGroup(d, dy));
        else
            _program.SelectAdjoint.On(Accelerator)(Stream, dy.PaddedRows, RowsOf(mask), first ? 1 : 0, Of(dy), RowsOf(d), dy.Columns);
    }
}
