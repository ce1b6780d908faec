using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>The fast Hartley transform.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void HartleyJoin(in HartleyStage stage, in Matrix<T> x, in Matrix<T> table, in Matrix<T> y)
    {
        var shape = new RowShape { Rows = stage.Length, Inner = stage.Done, Radix = stage.Radix, Columns = stage.Stride, Start = stage.Table };
        _program.HartleyJoin.On(Accelerator)(Stream, SegmentsOf(x, stage.Radix * stage.Stride), shape, CellsOf(x), CellsOf(table), CellsOf(y), Nothing, Nothing);
    }

    public override void HartleyPlane(int height, int width, in Matrix<T> x, in Matrix<T> table, int scale, in Matrix<T> y, bool accumulate)
    {
        var shape = new RowShape { Rows = height, Columns = width, Start = scale, Accumulate = accumulate ? 1 : 0 };
        _program.HartleyPlane.On(Accelerator)(Stream, ColumnsOf(x), shape, CellsOf(x), CellsOf(table), CellsOf(y), Nothing, Nothing);
    }
}
