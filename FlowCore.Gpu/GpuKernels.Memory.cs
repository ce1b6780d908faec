using System.Numerics;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime.CPU;

namespace FlowCore.Gpu;

/// <content>Memory, and the way between row-major host rows and column-major blocks: the host turns them in the staging memory, so that a block is one copy.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override DeviceMemory<T> Allocate(long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _device.Allocate<T>(length);
    }

    public override DeviceMemory<double> AllocateSums(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _device.Allocate<double>(length);
    }

    public override unsafe void LoadRows(ReadOnlySpan<T> source, in Matrix<T> block)
    {
        lock (_device.Gate)
        {
            var length = SpanOf(block, block.PaddedRows);
            var bytes = length * sizeof(T);
            var staged = (T*)_device.Staging.Take(bytes, out var window);
            fixed (T* rows = source)
                BlockLayout<T>.ToColumns(rows, block.Rows, block.Columns, staged, block.Stride, block.PaddedRows);

            // Between the columns lies what an earlier copy left there.
            for (var column = 0; column < block.Columns - 1; column++)
                new Span<T>(staged + ((long)column * block.Stride) + block.PaddedRows, block.Stride - block.PaddedRows).Clear();
            _device.SendStaged(window, DataOf(block), bytes);
        }
    }

    public override unsafe void StoreRows(in Matrix<T> block, Span<T> destination)
    {
        lock (_device.Gate)
        {
            var length = SpanOf(block, block.Rows);
            var bytes = length * sizeof(T);
            var staged = (T*)_device.Staging.Take(bytes, out var window);
            _device.ReceiveStaged(DataOf(block), window, bytes);
            fixed (T* rows = destination)
                BlockLayout<T>.ToRows(staged, block.Stride, block.Rows, block.Columns, rows);
        }
    }

    public override void Write(ReadOnlySpan<T> source, DeviceMemory<T> destination, long offset) =>
        _device.Upload(source, ViewOf(destination).SubView(offset));

    public override void Read(DeviceMemory<T> source, long offset, Span<T> destination) =>
        _device.Download(ViewOf(source).SubView(offset), destination);

    public override void ReadSums(DeviceMemory<double> sums, Span<double> destination) => _device.Download(SumsOf(sums), destination);

    public override void Fill(in Matrix<T> matrix, T value) => _program.Fill.On(Accelerator)(Stream, RunsOf(matrix), Of(matrix), value);

    public override void ClearPadding(in Matrix<T> block)
    {
        var padding = block.PaddedRows - block.Rows;
        if (padding > 0)
            _program.ClearFrom.On(Accelerator)(Stream, new Index2D(padding, block.Columns), Of(block), block.Rows);
    }

    public override void Copy(in Matrix<T> x, in Matrix<T> y, bool accumulate)
    {
        // Of shared matrices all numbers are one run.
        var operand = y.IsBlock ? new DeviceOperand<T>(DataOf(x), x.IsBlock ? 1 : 0, x.Stride) : new DeviceOperand<T>(DataOf(x), 1, 0);
        _program.Copy.On(Accelerator)(Stream, RunsOf(y), operand, Of(y), accumulate ? 1 : 0);
    }

    // From the first number of a matrix to the last of the given rows.
    private static long SpanOf(in Matrix<T> matrix, int rows) => ((long)(matrix.Columns - 1) * matrix.Stride) + rows;
}
