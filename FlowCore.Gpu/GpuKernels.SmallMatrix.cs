using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <content>A small matrix in every row.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void SmallProduct(
        in Matrix<T> a, bool transposeA, in Matrix<T> b, bool transposeB, int rows, int inner, int columns, in Matrix<T> y, int accumulate, MatrixRegion region)
    {
        var events = a.IsBlock ? a : b;
        var summed = events.PaddedRows > y.PaddedRows;
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
        if (!summed)
        {
            _program.SmallProduct.On(Accelerator)(Stream, new Index2D(events.PaddedRows, rows), shape, CellsOf(a), CellsOf(b), CellsOf(y), Nothing, Nothing);
            return;
        }

        // Each row's product goes to scratch memory, from zero with its sign, and a group adds up each element.
        var products = new DeviceMatrix<T>(Scratch((long)events.PaddedRows * rows * columns), events.PaddedRows);
        _program.Fill.On(Accelerator)(Stream, new Index2D(events.PaddedRows, rows * columns), products, T.Zero);
        _program.SmallProduct.On(Accelerator)(
            Stream, new Index2D(events.PaddedRows, rows), shape, CellsOf(a), CellsOf(b), new DeviceOperand<T>(products.Data, 1, products.Stride), Nothing, Nothing);
        _program.SumRows.On(Accelerator)(Stream, GroupFor(rows * columns), products, events.Rows, Of(y), 1);
    }

    public override void SmallTriangularSolve(
        in Matrix<T> a, bool upper, bool transposed, bool unitDiagonal, in Matrix<T> b, int size, int columns, in Matrix<T> y)
    {
        var shape = new RowShape
        {
            Rows = size,
            Columns = columns,
            TransposeFirst = transposed ? 1 : 0,
            UnitDiagonal = unitDiagonal ? 1 : 0,
            Region = (int)(upper ? MatrixRegion.Upper : MatrixRegion.Lower),
        };
        _program.SmallTriangularSolve.On(Accelerator)(Stream, new Index2D(y.PaddedRows, columns), shape, CellsOf(a), CellsOf(b), CellsOf(y), Nothing, Nothing);
    }

    public override void SmallCholesky(in Matrix<T> a, int size, in Matrix<T> lower, in Matrix<T> logDet) =>
        _program.SmallCholesky.On(Accelerator)(
            Stream, new Index2D(a.PaddedRows, 1), new RowShape { Rows = size }, CellsOf(a), CellsOf(lower), CellsOf(logDet), Nothing, Nothing);

    public override void SmallCholeskyAdjoint(in Matrix<T> lower, int size, in Matrix<T> dlower, in Matrix<T> dlogDet, in Matrix<T> da) =>
        _program.SmallCholeskyAdjoint.On(Accelerator)(
            Stream, new Index2D(lower.PaddedRows, 1), new RowShape { Rows = size, HasFirst = Has(dlower), HasSecond = Has(dlogDet) },
            CellsOf(lower), CellsOf(dlower), CellsOf(dlogDet), CellsOf(da), WorkFor(lower, size));

    public override void SmallLu(in Matrix<T> a, int size, in Matrix<T> factors, in Matrix<T> pivots, in Matrix<T> logAbsDet, in Matrix<T> sign) =>
        _program.SmallLu.On(Accelerator)(
            Stream, new Index2D(a.PaddedRows, 1), new RowShape { Rows = size }, CellsOf(a), CellsOf(factors), CellsOf(pivots), CellsOf(logAbsDet), CellsOf(sign));

    public override void SmallLuSolve(
        in Matrix<T> factors, in Matrix<T> pivots, bool transposed, in Matrix<T> b, int size, int columns, in Matrix<T> y) =>
        _program.SmallLuSolve.On(Accelerator)(
            Stream, new Index2D(y.PaddedRows, columns), new RowShape { Rows = size, Columns = columns, TransposeFirst = transposed ? 1 : 0 },
            CellsOf(factors), CellsOf(pivots), CellsOf(b), CellsOf(y), Nothing);

    public override void SmallLuLogAdjoint(in Matrix<T> factors, in Matrix<T> pivots, int size, in Matrix<T> dlogAbsDet, in Matrix<T> da) =>
        _program.SmallLuLogAdjoint.On(Accelerator)(
            Stream, new Index2D(factors.PaddedRows, size), new RowShape { Rows = size },
            CellsOf(factors), CellsOf(pivots), CellsOf(dlogAbsDet), CellsOf(da), WorkFor(factors, size));

    // size · size numbers for every row.
    private DeviceOperand<T> WorkFor(in Matrix<T> matrix, int size) =>
        new(Scratch((long)matrix.PaddedRows * size * size), 1, matrix.PaddedRows);
}
