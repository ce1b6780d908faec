namespace FlowCore.Compute;

/// <content>A small matrix in every row. A lane holds one row, so an algorithm runs for as many matrices at once as there are lanes; formulas: Formulas/Rows.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void SmallProduct(
        in Matrix<T> a, bool transposeA, in Matrix<T> b, bool transposeB, int rows, int inner, int columns, in Matrix<T> y, int accumulate, MatrixRegion region)
    {
        var shape = new RowShape
        {
            Rows = rows,
            Inner = inner,
            Columns = columns,
            TransposeFirst = transposeA ? 1 : 0,
            TransposeSecond = transposeB ? 1 : 0,
            Accumulate = accumulate,
            Region = (int)region,
        };
        var events = a.IsBlock ? a.PaddedRows : b.PaddedRows;
        if (events > y.PaddedRows)
            SumSmallProducts(events, shape, a, b, y);
        else
            RunRows<SmallProduct<V, T, CpuCells<V, T>>>(events, rows, shape, a, b, y);
    }

    public override void SmallTriangularSolve(
        in Matrix<T> a, bool upper, bool transposed, bool unitDiagonal, in Matrix<T> b, int size, int columns, in Matrix<T> y) =>
        RunRows<SmallTriangularSolve<V, T, CpuCells<V, T>>>(
            y.PaddedRows, columns,
            new RowShape
            {
                Rows = size,
                Columns = columns,
                TransposeFirst = transposed ? 1 : 0,
                UnitDiagonal = unitDiagonal ? 1 : 0,
                Region = (int)(upper ? MatrixRegion.Upper : MatrixRegion.Lower),
            },
            a, b, y);

    public override void SmallCholesky(in Matrix<T> a, int size, in Matrix<T> lower, in Matrix<T> logDet) =>
        RunRows<SmallCholesky<V, T, CpuCells<V, T>>>(a.PaddedRows, 1, new RowShape { Rows = size }, a, lower, logDet);

    public override void SmallCholeskyAdjoint(in Matrix<T> lower, int size, in Matrix<T> dlower, in Matrix<T> dlogDet, in Matrix<T> da)
    {
        var shape = new RowShape { Rows = size, HasFirst = dlower.IsEmpty ? 0 : 1, HasSecond = dlogDet.IsEmpty ? 0 : 1 };
        var work = ScratchCells(size * size);
        var rows = lower.PaddedRows;
        for (var row = 0; row < rows; row += V.Count)
        {
            var count = Math.Min(V.Count, rows - row);
            SmallCholeskyAdjoint<V, T, CpuCells<V, T>>.Run(
                shape, 0, Cells(lower, rows, row, count), Cells(dlower, rows, row, count), Cells(dlogDet, rows, row, count), Cells(da, rows, row, count), work);
        }
    }

    public override void SmallLu(in Matrix<T> a, int size, in Matrix<T> factors, in Matrix<T> pivots, in Matrix<T> logAbsDet, in Matrix<T> sign) =>
        RunRows<SmallLu<V, T, CpuCells<V, T>>>(a.PaddedRows, 1, new RowShape { Rows = size }, a, factors, pivots, logAbsDet, sign);

    public override void SmallLuSolve(
        in Matrix<T> factors, in Matrix<T> pivots, bool transposed, in Matrix<T> b, int size, int columns, in Matrix<T> y) =>
        RunRows<SmallLuSolve<V, T, CpuCells<V, T>>>(
            y.PaddedRows, columns, new RowShape { Rows = size, Columns = columns, TransposeFirst = transposed ? 1 : 0 }, factors, pivots, b, y);

    public override void SmallLuLogAdjoint(in Matrix<T> factors, in Matrix<T> pivots, int size, in Matrix<T> dlogAbsDet, in Matrix<T> da)
    {
        var shape = new RowShape { Rows = size };
        var work = ScratchCells(size * size);
        var rows = factors.PaddedRows;
        for (var row = 0; row < rows; row += V.Count)
        {
            var count = Math.Min(V.Count, rows - row);
            RunItems<SmallLuLogAdjoint<V, T, CpuCells<V, T>>>(
                size, shape, Cells(factors, rows, row, count), Cells(pivots, rows, row, count), Cells(dlogAbsDet, rows, row, count), Cells(da, rows, row, count), work);
        }
    }

    // The sum over the rows: each lane adds up its rows, and the lanes are added last. Padding has a zero operand.
    private void SumSmallProducts(int events, RowShape shape, in Matrix<T> a, in Matrix<T> b, in Matrix<T> y)
    {
        var length = shape.Rows * shape.Columns;
        var sums = Scratch(length * V.Count);
        new Span<T>(sums, length * V.Count).Clear();
        var subtract = shape.Accumulate < 0;
        shape.Accumulate = 1;
        var lanes = new CpuCells<V, T>(sums, V.Count, V.Count);
        for (var row = 0; row < events; row += V.Count)
            RunItems<SmallProduct<V, T, CpuCells<V, T>>>(shape.Rows, shape, Cells(a, events, row, V.Count), Cells(b, events, row, V.Count), lanes, default, default);
        var result = y.Pointer;
        for (var i = 0; i < length; i++)
        {
            if (!shape.Contains(i / shape.Columns, i % shape.Columns))
                continue;
            var sum = V.Sum(lanes.Load(i));
            result[i] += subtract ? -sum : sum;
        }
    }
}
