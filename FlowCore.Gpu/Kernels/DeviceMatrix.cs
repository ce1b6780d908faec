using ILGPU;

namespace FlowCore.Gpu;

/// <summary>A column-major matrix as a kernel sees it: <see cref="FlowCore.Compute.Matrix{T}"/> without its sizes, which the launch has.</summary>
/// <param name="data">The memory from the first number on.</param>
/// <param name="stride">The distance from one column to the next.</param>
internal readonly struct DeviceMatrix<T>(ArrayView<T> data, int stride)
    where T : unmanaged
{
    /// <summary>The memory from the first number on.</summary>
    public readonly ArrayView<T> Data = data;

    /// <summary>The distance from one column to the next.</summary>
    public readonly int Stride = stride;

    /// <summary>One number.</summary>
    public ref T this[int row, int column] => ref Data[row + (column * Stride)];
}
