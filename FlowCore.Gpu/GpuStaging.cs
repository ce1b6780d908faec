using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace FlowCore.Gpu;

/// <summary>
/// Page-locked host memory through which all copies go: the accelerator reads and writes it on its own while the host
/// goes on, and nothing is allocated for a copy whose place and length have occurred before.
/// </summary>
/// <remarks>
/// Places are handed out one after another and are free again when the queue has been waited for, which every copy to the host does.
/// Protected by the device's lock.
/// </remarks>
internal sealed unsafe class GpuStaging(Accelerator accelerator) : IDisposable
{
    private const int SmallestLength = 1 << 16;
    private const int Alignment = 64;
    private const int MostWindows = 1 << 12;

    private readonly Dictionary<(long Offset, long Length), CPUMemoryBuffer> _windows = [];
    private PageLockedArray1D<byte>? _memory;
    private long _used;

    /// <summary>A place for a copy.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="buffer">The place as ILGPU's copies want it.</param>
    /// <returns>The address.</returns>
    public byte* Take(long length, out CPUMemoryBuffer buffer)
    {
        if (_memory is null || _used + length > _memory.Length)
        {
            // Copies that are under way still read what was handed out.
            accelerator.DefaultStream.Synchronize();
            _used = 0;
            if (_memory is null || length > _memory.Length)
                Grow(length);
        }

        var address = (byte*)Address + _used;
        if (!_windows.TryGetValue((_used, length), out buffer!))
        {
            if (_windows.Count >= MostWindows)
                _windows.Clear();
            buffer = CPUMemoryBuffer.Create(accelerator, (nint)address, length, 1);
            _windows.Add((_used, length), buffer);
        }

        _used += (length + Alignment - 1) & -Alignment;
        return address;
    }

    /// <summary>Waits for the queue; all places are free then.</summary>
    public void Wait()
    {
        accelerator.DefaultStream.Synchronize();
        _used = 0;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (var window in _windows.Values)
            window.Dispose();
        _windows.Clear();
        _memory?.Dispose();
    }

    private nint Address => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_memory!.Span));

    private void Grow(long length)
    {
        foreach (var window in _windows.Values)
            window.Dispose();
        _windows.Clear();
        _memory?.Dispose();
        _memory = accelerator.AllocatePageLocked1D<byte>(Math.Max(SmallestLength, 2 * length));
    }
}
