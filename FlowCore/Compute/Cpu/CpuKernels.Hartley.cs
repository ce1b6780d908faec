namespace FlowCore.Compute;

/// <content>The fast Hartley transform. A lane holds one row; formulas: Formulas/Rows.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void HartleyJoin(in HartleyStage stage, in Matrix<T> x, in Matrix<T> table, in Matrix<T> y) =>
        RunRows<HartleyJoin<V, T, CpuCells<V, T>>>(x.PaddedRows, x.Columns / (stage.Radix * stage.Stride), ShapeOf(stage), x, table, y);

    public override void HartleyPlane(int height, int width, in Matrix<T> x, in Matrix<T> table, int scale, in Matrix<T> y, bool accumulate) =>
        RunRows<HartleyPlane<V, T, CpuCells<V, T>>>(
            x.PaddedRows, x.Columns, new RowShape { Rows = height, Columns = width, Start = scale, Accumulate = accumulate ? 1 : 0 }, x, table, y);

    private static RowShape ShapeOf(in HartleyStage stage) =>
        new() { Rows = stage.Length, Inner = stage.Done, Radix = stage.Radix, Columns = stage.Stride, Start = stage.Table };
}
