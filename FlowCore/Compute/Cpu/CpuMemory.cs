using System.Runtime.InteropServices;

namespace FlowCore.Compute;

/// <summary>Zeroed native memory, aligned to a cache line.</summary>
internal sealed unsafe class CpuMemory<T> : DeviceMemory<T>
    where T : unmanaged
{
    /// <summary>A cache line, and the width of the widest register.</summary>
    public const int Alignment = 64;

    private nint _address;

    public CpuMemory(long length)
        : base(length)
    {
        var bytes = checked((nuint)length * (nuint)sizeof(T));
        _address = (nint)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear((void*)_address, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~CpuMemory() => Dispose(disposing: false);

    public override nint Address => _address;

    protected override void Dispose(bool disposing)
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (address == 0)
            return;
        NativeMemory.AlignedFree((void*)address);
        GC.RemoveMemoryPressure(Length * sizeof(T));
    }
}
