namespace FlowCore.Compute;

/// <content>How row-wise algorithms are run: register by register along the rows, and all items of a register in turn, as their columns are in the cache then.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    /// <summary>Runs an algorithm for the given rows; operands that are not there are left empty.</summary>
    /// <param name="rows">How many rows, of all operands but the shared rows among them.</param>
    /// <param name="items">How many items a row has.</param>
    /// <param name="shape">The sizes and settings.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="c">The third operand.</param>
    /// <param name="d">The fourth operand.</param>
    /// <param name="e">The fifth operand.</param>
    private static void RunRows<P>(
        int rows, int items, in RowShape shape, in Matrix<T> a, in Matrix<T> b, in Matrix<T> c = default, in Matrix<T> d = default, in Matrix<T> e = default)
        where P : struct, IRowAlgorithm<CpuCells<V, T>>
    {
        for (var row = 0; row < rows; row += V.Count)
        {
            var count = Math.Min(V.Count, rows - row);
            RunItems<P>(items, shape, Cells(a, rows, row, count), Cells(b, rows, row, count), Cells(c, rows, row, count), Cells(d, rows, row, count), Cells(e, rows, row, count));
        }
    }

    // As RunRows, for an algorithm that adds to the last operand. Where all rows share that, each lane adds up its rows, and the lanes are added last; padding adds zeros.
    private void AddRows<P>(int rows, int items, in RowShape shape, in Matrix<T> a, in Matrix<T> b, in Matrix<T> c, in Matrix<T> d, in Matrix<T> target)
        where P : struct, IRowAlgorithm<CpuCells<V, T>>
    {
        if (target.IsEmpty || target.IsBlock)
        {
            RunRows<P>(rows, items, shape, a, b, c, d, target);
            return;
        }

        var length = target.Columns;
        var sums = Scratch(length * V.Count);
        new Span<T>(sums, length * V.Count).Clear();
        var lanes = new CpuCells<V, T>(sums, V.Count, V.Count);
        for (var row = 0; row < rows; row += V.Count)
            RunItems<P>(items, shape, Cells(a, rows, row, V.Count), Cells(b, rows, row, V.Count), Cells(c, rows, row, V.Count), Cells(d, rows, row, V.Count), lanes);
        for (var i = 0; i < length; i++)
            *target.Column(i) += V.Sum(lanes.Load(i));
    }

    private static void RunItems<P>(
        int items, in RowShape shape, CpuCells<V, T> a, CpuCells<V, T> b, CpuCells<V, T> c, CpuCells<V, T> d, CpuCells<V, T> e)
        where P : struct, IRowAlgorithm<CpuCells<V, T>>
    {
        for (var item = 0; item < items; item++)
            P.Run(shape, item, a, b, c, d, e);
    }

    // One row beside several is the same for all of them.
    private static CpuCells<V, T> Cells(in Matrix<T> matrix, int rows, int row, int count)
    {
        if (matrix.IsEmpty)
            return default;
        return !matrix.IsBlock && matrix.Rows < rows
            ? new CpuCells<V, T>(matrix.Pointer, matrix.Stride, 0)
            : new CpuCells<V, T>(matrix.Pointer + row, matrix.Stride, count);
    }

    // Numbers of one register of rows, in memory that stays in the cache.
    private CpuCells<V, T> ScratchCells(int columns) => new(Scratch(columns * V.Count), V.Count, V.Count);
}
