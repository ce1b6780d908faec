using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>Segments of columns, running sums and order.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void SumSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate) =>
        _program.SegmentSum.On(Accelerator)(
            Stream, ColumnsOf(y), new RowShape { Inner = segment, Accumulate = accumulate ? 1 : 0 }, CellsOf(x), CellsOf(y), Nothing, Nothing, Nothing);

    public override void RepeatSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate) =>
        _program.SegmentRepeat.On(Accelerator)(
            Stream, ColumnsOf(x), new RowShape { Inner = segment, Accumulate = accumulate ? 1 : 0 }, CellsOf(x), CellsOf(y), Nothing, Nothing, Nothing);

    public override void CumulativeSum(in Matrix<T> x, int segment, bool exclusive, bool reverse, in Matrix<T> y, bool accumulate)
    {
        var shape = new RowShape { Inner = segment, Exclusive = exclusive ? 1 : 0, Reversed = reverse ? 1 : 0, Accumulate = accumulate ? 1 : 0 };
        _program.SegmentCumulativeSum.On(Accelerator)(Stream, SegmentsOf(x, segment), shape, CellsOf(x), CellsOf(y), Nothing, Nothing, Nothing);
    }

    public override void Segments(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y) =>
        _program.Segments[(int)function].On(Accelerator)(
            Stream, SegmentsOf(x, segment), SegmentShape(function, segment), CellsOf(x), CellsOf(y), Nothing, Nothing, Nothing);

    public override void SegmentsAdjoint(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx) =>
        _program.SegmentsAdjoint[(int)function].On(Accelerator)(
            Stream, SegmentsOf(x, segment), SegmentShape(function, segment), CellsOf(x), CellsOf(y), CellsOf(dy), CellsOf(dx), Nothing);

    public override void RankColumns(in Matrix<T> x, in Matrix<T> ranks) =>
        _program.ColumnRank.On(Accelerator)(Stream, ColumnsOf(x), new RowShape { Inner = x.Columns }, CellsOf(x), CellsOf(ranks), Nothing, Nothing, Nothing);

    public override void ArrangeByRank(in Matrix<T> x, in Matrix<T> ranks, in Matrix<T> y) =>
        _program.ColumnsByRank.On(Accelerator)(
            Stream, ColumnsOf(x), new RowShape { Inner = x.Columns }, CellsOf(x), CellsOf(ranks), CellsOf(y), Nothing, Nothing);

    public override void ArrangeByRankAdjoint(in Matrix<T> dy, in Matrix<T> ranks, in Matrix<T> dx) =>
        _program.ColumnsByRankAdjoint.On(Accelerator)(
            Stream, ColumnsOf(dx), new RowShape { Inner = dx.Columns }, CellsOf(dy), CellsOf(ranks), CellsOf(dx), Nothing, Nothing);

    // What an algorithm gets for an operand that it does not look at.
    private DeviceOperand<T> Nothing => new(_nothing.View, 0, 0);

    private static RowShape SegmentShape(SegmentFunction function, int segment) =>
        new() { Inner = segment, Reversed = function == SegmentFunction.ReverseLogCumulativeSumExp ? 1 : 0 };

    private static Index2D SegmentsOf(in Matrix<T> matrix, int segment) => new(matrix.PaddedRows, matrix.Columns / segment);

    // A shared row beside a block is the same for all its rows.
    private DeviceOperand<T> CellsOf(in Matrix<T> matrix) => new(DataOf(matrix), matrix.IsBlock || matrix.Rows > 1 ? 1 : 0, matrix.Stride);

    // Where every row adds its part of a sum over the rows, or to what is there where rows have their own: a shared row gets scratch memory, a row for each.
    private DeviceOperand<T> RowSums(in Matrix<T> target, in Matrix<T> rows, out DeviceMatrix<T> sums)
    {
        sums = default;
        if (target.IsEmpty)
            return Nothing;
        if (target.IsBlock)
            return CellsOf(target);
        sums = new DeviceMatrix<T>(Scratch((long)rows.PaddedRows * target.Columns), rows.PaddedRows);
        _program.Fill.On(Accelerator)(Stream, new Index2D(rows.PaddedRows, target.Columns), sums, T.Zero);
        return new DeviceOperand<T>(sums.Data, 1, sums.Stride);
    }

    // A group adds up each of them.
    private void AddRowSums(in DeviceMatrix<T> sums, in Matrix<T> target, in Matrix<T> rows)
    {
        if (!target.IsEmpty && !target.IsBlock)
            _program.SumRows.On(Accelerator)(Stream, GroupFor(target.Columns), sums, rows.Rows, Of(target), 1);
    }
}
