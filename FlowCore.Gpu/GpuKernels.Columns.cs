using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <content>Choosing and permuting columns.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void GatherColumns(in Matrix<T> x, int[] indices, in Matrix<T> y) =>
        _program.Gather.On(Accelerator)(Stream, ColumnsOf(y), Of(x), _device.Integers(indices), Of(y));

    public override void ScatterAddColumns(in Matrix<T> dy, int[] indices, in Matrix<T> dx) =>
        _program.ScatterAdd.On(Accelerator)(Stream, dy.PaddedRows, Of(dy), _device.Integers(indices), Of(dx), dy.Columns);
}
