using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowCore.Compute;

/// <summary>Zeroed memory, aligned to a cache line, that the garbage collector never moves.</summary>
/// <remarks>
/// The numbers live as long as anybody can reach them: disposing ends the use, and what another thread's kernel or a span is at
/// then stays memory of this object and nobody else's. So a use after the end is an error, or harmless, and never a wild address.
/// </remarks>
internal sealed unsafe class CpuMemory<T> : DeviceMemory<T>
    where T : unmanaged
{
    /// <summary>A cache line, and the width of the widest register.</summary>
    public const int Alignment = 64;

    private readonly T[] _numbers;
    private readonly int _first;
    private nint _address;

    public CpuMemory(long length)
        : base(length)
    {
        _numbers = GC.AllocateArray<T>(checked((int)(length + (Alignment / sizeof(T)))), pinned: true);
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_numbers));
        _address = (start + Alignment - 1) & -Alignment;
        _first = (int)((_address - start) / sizeof(T));
    }

    /// <inheritdoc/>
    public override nint Address
    {
        get
        {
            var address = _address;
            if (address == 0)
                ThrowDisposed();
            return address;
        }
    }

    /// <summary>A part of the numbers.</summary>
    /// <param name="start">The first.</param>
    /// <param name="length">How many.</param>
    /// <returns>The numbers; they stay memory while the span is held, disposed or not.</returns>
    public Span<T> AsSpan(int start, int length)
    {
        if (_address == 0)
            ThrowDisposed();
        return _numbers.AsSpan(_first + start, length);
    }

    protected override void Dispose(bool disposing) => Volatile.Write(ref _address, 0);

    private static void ThrowDisposed() => throw new ObjectDisposedException("memory of the processor");
}
