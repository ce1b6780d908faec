using System.Numerics;
using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>The accelerator's side of the compute seam: each call asks for kernels on the device's queue and returns at once, unless it brings numbers to the host.</summary>
/// <remarks>
/// The files are named as the processor's. A kernel gets matrices without sizes; the launch has as many threads as there
/// are numbers, padding included, so that blocks look as the processor leaves them.
/// </remarks>
/// <typeparam name="V">The lane of a thread.</typeparam>
/// <typeparam name="T">The number type.</typeparam>
internal sealed partial class GpuKernels<V, T> : Kernels<T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What kernels get for an operand that is not there: they do not look at it.
    private readonly GpuMemory<T> _nothing;
    private readonly GpuDevice _device;
    private readonly GpuProgram<V, T> _program;
    private GpuMemory<T>? _scratch;
    private GpuMemory<double>? _partialSums;
    private bool _disposed;

    internal GpuKernels(GpuDevice device, GpuProgram<V, T> program)
    {
        _device = device;
        _program = program;
        _nothing = device.Allocate<T>(1);
    }

    /// <inheritdoc/>
    public override Compute.Device Device => _device;

    private Accelerator Accelerator => _device.Accelerator;

    private AcceleratorStream Stream => _device.Stream;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _disposed = true;
        _nothing.Dispose();
        _scratch?.Dispose();
        _partialSums?.Dispose();
    }

    private static ArrayView<T> ViewOf(DeviceMemory<T> memory) => ((GpuMemory<T>)memory).View;

    private static ArrayView<double> SumsOf(DeviceMemory<double> memory) => ((GpuMemory<double>)memory).View;

    private static int Has(in Matrix<T> matrix) => matrix.IsEmpty ? 0 : 1;

    /// <summary>The contiguous runs of a matrix as columns: those of a block with their padding, or all numbers of a shared matrix as one.</summary>
    private static Index2D RunsOf(in Matrix<T> matrix) =>
        matrix.IsBlock ? new Index2D(matrix.PaddedRows, matrix.Columns) : new Index2D(matrix.Rows * matrix.Columns, 1);

    private static Index2D ColumnsOf(in Matrix<T> matrix) => new(matrix.PaddedRows, matrix.Columns);

    private ArrayView<T> DataOf(in Matrix<T> matrix) => matrix.IsEmpty ? _nothing.View : ViewOf(matrix.Memory!).SubView(matrix.Offset);

    private DeviceMatrix<T> Of(in Matrix<T> matrix) => new(DataOf(matrix), matrix.Stride);

    /// <summary>An operand beside a block or shared matrix of rows: a shared row is repeated over the rows, a single column over the columns.</summary>
    private DeviceOperand<T> RowsOf(in Matrix<T> matrix) =>
        new(DataOf(matrix), matrix.IsBlock || matrix.Rows > 1 ? 1 : 0, matrix.Columns == 1 ? 0 : matrix.Stride);

    /// <summary>Parameters of a transform: a row for every event, or one for all.</summary>
    private DeviceOperand<T> ParametersOf(in Matrix<T> matrix) => new(DataOf(matrix), matrix.IsBlock ? 1 : 0, matrix.Stride);

    /// <summary>One group for each column.</summary>
    private KernelConfig GroupFor(int columns) => new(new Index1D(columns), new Index1D(_device.SumGroupSize));

    /// <summary>Memory for one call; its content is unspecified.</summary>
    private ArrayView<T> Scratch(long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_scratch is null || _scratch.Length < length)
        {
            // What was asked before may still use the old memory; freeing it waits for that.
            _scratch?.Dispose();
            _scratch = null;
            _scratch = _device.Allocate<T>(length);
        }

        return _scratch.View.SubView(0, length);
    }
}
