namespace FlowCore.Compute;

/// <content>Segments of columns, running sums and order. A lane holds one row; formulas: Formulas/Rows.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void SumSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate) =>
        RunRows<SegmentSum<V, T, CpuCells<V, T>>>(
            x.PaddedRows, y.Columns, new RowShape { Inner = segment, Accumulate = accumulate ? 1 : 0 }, x, y);

    public override void RepeatSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate) =>
        RunRows<SegmentRepeat<V, T, CpuCells<V, T>>>(
            x.PaddedRows, x.Columns, new RowShape { Inner = segment, Accumulate = accumulate ? 1 : 0 }, x, y);

    public override void CumulativeSum(in Matrix<T> x, int segment, bool exclusive, bool reverse, in Matrix<T> y, bool accumulate) =>
        RunRows<SegmentCumulativeSum<V, T, CpuCells<V, T>>>(
            x.PaddedRows, x.Columns / segment,
            new RowShape { Inner = segment, Exclusive = exclusive ? 1 : 0, Reversed = reverse ? 1 : 0, Accumulate = accumulate ? 1 : 0 }, x, y);

    public override void Segments(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y)
    {
        var shape = new RowShape { Inner = segment, Reversed = function == SegmentFunction.ReverseLogCumulativeSumExp ? 1 : 0 };
        var (rows, items) = (x.PaddedRows, x.Columns / segment);
        switch (function)
        {
            case SegmentFunction.LogSumExp:
                RunRows<SegmentLogSumExp<V, T, CpuCells<V, T>>>(rows, items, shape, x, y);
                break;
            case SegmentFunction.Max:
                RunRows<SegmentMax<V, T, CpuCells<V, T>>>(rows, items, shape, x, y);
                break;
            case SegmentFunction.Softmax:
                RunRows<SegmentSoftmax<V, T, CpuCells<V, T>>>(rows, items, shape, x, y);
                break;
            case SegmentFunction.LogSoftmax:
                RunRows<SegmentLogSoftmax<V, T, CpuCells<V, T>>>(rows, items, shape, x, y);
                break;
            case SegmentFunction.LogCumulativeSumExp or SegmentFunction.ReverseLogCumulativeSumExp:
                RunRows<SegmentLogCumulativeSumExp<V, T, CpuCells<V, T>>>(rows, items, shape, x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");
        }
    }

    public override void SegmentsAdjoint(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx)
    {
        var shape = new RowShape { Inner = segment, Reversed = function == SegmentFunction.ReverseLogCumulativeSumExp ? 1 : 0 };
        var (rows, items) = (x.PaddedRows, x.Columns / segment);
        switch (function)
        {
            case SegmentFunction.LogSumExp:
                RunRows<SegmentLogSumExpAdjoint<V, T, CpuCells<V, T>>>(rows, items, shape, x, y, dy, dx);
                break;
            case SegmentFunction.Max:
                RunRows<SegmentMaxAdjoint<V, T, CpuCells<V, T>>>(rows, items, shape, x, y, dy, dx);
                break;
            case SegmentFunction.Softmax:
                RunRows<SegmentSoftmaxAdjoint<V, T, CpuCells<V, T>>>(rows, items, shape, x, y, dy, dx);
                break;
            case SegmentFunction.LogSoftmax:
                RunRows<SegmentLogSoftmaxAdjoint<V, T, CpuCells<V, T>>>(rows, items, shape, x, y, dy, dx);
                break;
            case SegmentFunction.LogCumulativeSumExp or SegmentFunction.ReverseLogCumulativeSumExp:
                RunRows<SegmentLogCumulativeSumExpAdjoint<V, T, CpuCells<V, T>>>(rows, items, shape, x, y, dy, dx);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");
        }
    }

    public override void RankColumns(in Matrix<T> x, in Matrix<T> ranks) =>
        RunRows<ColumnRank<V, T, CpuCells<V, T>>>(x.PaddedRows, x.Columns, new RowShape { Inner = x.Columns }, x, ranks);

    public override void ArrangeByRank(in Matrix<T> x, in Matrix<T> ranks, in Matrix<T> y) =>
        RunRows<ColumnsByRank<V, T, CpuCells<V, T>>>(x.PaddedRows, x.Columns, new RowShape { Inner = x.Columns }, x, ranks, y);

    public override void ArrangeByRankAdjoint(in Matrix<T> dy, in Matrix<T> ranks, in Matrix<T> dx) =>
        RunRows<ColumnsByRankAdjoint<V, T, CpuCells<V, T>>>(dx.PaddedRows, dx.Columns, new RowShape { Inner = dx.Columns }, dy, ranks, dx);
}
