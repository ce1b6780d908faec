using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>Memory of an accelerator, zeroed, which the host reaches by copies only.</summary>
internal sealed class GpuMemory<T> : DeviceMemory<T>
    where T : unmanaged
{
    private readonly GpuDevice _device;
    private MemoryBuffer1D<T, Stride1D.Dense>? _buffer;

    internal GpuMemory(GpuDevice device, MemoryBuffer1D<T, Stride1D.Dense> buffer)
        : base(buffer.Length)
    {
        _device = device;
        _buffer = buffer;
    }

    public override nint Address => 0;

    /// <summary>All of the memory.</summary>
    public ArrayView<T> View => (_buffer ?? throw new ObjectDisposedException(nameof(GpuMemory<>))).View.BaseView;

    // Memory that nobody disposed is freed by ILGPU with its own finalizers.
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _buffer, null) is { } buffer)
            _device.Free(buffer);
    }
}
