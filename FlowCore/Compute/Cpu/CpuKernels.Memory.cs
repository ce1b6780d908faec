using System.Numerics;

namespace FlowCore.Compute;

/// <content>Memory, and the way between row-major host rows and column-major blocks.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override DeviceMemory<T> Allocate(long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new CpuMemory<T>(length);
    }

    public override void LoadRows(ReadOnlySpan<T> source, in Matrix<T> block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, block.Rows * block.Columns, nameof(source));
        fixed (T* rows = source)
            BlockLayout<T>.ToColumns(rows, block.Rows, block.Columns, block.Pointer, block.Stride, block.PaddedRows);
    }

    public override void StoreRows(in Matrix<T> block, Span<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, block.Rows * block.Columns, nameof(destination));
        fixed (T* rows = destination)
            BlockLayout<T>.ToRows(block.Pointer, block.Stride, block.Rows, block.Columns, rows);
    }

    public override void Write(ReadOnlySpan<T> source, DeviceMemory<T> destination, long offset) =>
        source.CopyTo(new Span<T>((T*)destination.Address + offset, source.Length));

    public override void Read(DeviceMemory<T> source, long offset, Span<T> destination) =>
        new ReadOnlySpan<T>((T*)source.Address + offset, destination.Length).CopyTo(destination);

    public override DeviceMemory<double> AllocateSums(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new CpuMemory<double>(length);
    }

    public override void ReadSums(DeviceMemory<double> sums, Span<double> destination) =>
        new ReadOnlySpan<double>((double*)sums.Address, destination.Length).CopyTo(destination);

    public override void Fill(in Matrix<T> matrix, T value)
    {
        var (runs, length) = Runs(matrix);
        for (var run = 0; run < runs; run++)
            new Span<T>(matrix.Column(run), length).Fill(value);
    }

    public override void ClearPadding(in Matrix<T> block)
    {
        var padding = block.PaddedRows - block.Rows;
        if (padding == 0)
            return;
        for (var column = 0; column < block.Columns; column++)
            new Span<T>(block.Column(column) + block.Rows, padding).Clear();
    }

    public override void Copy(in Matrix<T> x, in Matrix<T> y, bool accumulate)
    {
        var (runs, length) = Runs(y);
        var repeated = y.IsBlock && !x.IsBlock;
        for (var run = 0; run < runs; run++)
        {
            var from = x.Column(run);
            var to = y.Column(run);
            if (!accumulate)
            {
                if (repeated)
                    new Span<T>(to, length).Fill(*from);
                else
                    new ReadOnlySpan<T>(from, length).CopyTo(new Span<T>(to, length));
                continue;
            }

            // One addition a lane, to += from.
            var value = V.Create(*from);
            var i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(V.Load(to + i) + (repeated ? value : V.Load(from + i)), to + i);
            if (i < length)
            {
                var count = length - i;
                V.StorePartial(V.LoadPartial(to + i, count) + (repeated ? value : V.LoadPartial(from + i, count)), to + i, count);
            }
        }
    }

    /// <summary>
    /// The contiguous runs that make up a matrix: the padded columns of a block, or all of a shared matrix at once. Only
    /// for matrices walked in step with others of the same kind and shape.
    /// </summary>
    private static (int Runs, int Length) Runs(in Matrix<T> matrix) =>
        matrix.IsBlock ? (matrix.Columns, matrix.PaddedRows) : (1, matrix.Rows * matrix.Columns);
}
