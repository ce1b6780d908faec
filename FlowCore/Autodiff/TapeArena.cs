using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>
/// The memory of a tape: runs are cut from large chunks and handed back by size, so that after the first block of a
/// kind nothing is allocated any more.
/// </summary>
internal sealed class TapeArena<T>(Kernels<T> kernels) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkLength = 1 << 19;
    private const int Alignment = 16;

    private readonly List<DeviceMemory<T>> _chunks = [];
    private readonly List<FreeList> _free = [];
    private int _chunk;
    private long _position;

    /// <summary>Cuts a run. Its content is unspecified.</summary>
    public (DeviceMemory<T> Memory, long Offset) Take(int length)
    {
        length = (length + Alignment - 1) & -Alignment;
        foreach (var list in _free)
        {
            if (list.Length == length && list.Runs.TryPop(out var run))
                return run;
        }

        while (true)
        {
            if (_chunk == _chunks.Count)
                _chunks.Add(AllocateChunk(length));
            if (_position + length <= _chunks[_chunk].Length)
                break;
            _chunk++;
            _position = 0;
        }

        var result = (_chunks[_chunk], _position);
        _position += length;
        return result;
    }

    /// <summary>Hands a run back for the next taker of the same length.</summary>
    public void Return(DeviceMemory<T> memory, long offset, int length)
    {
        length = (length + Alignment - 1) & -Alignment;
        foreach (var list in _free)
        {
            if (list.Length == length)
            {
                list.Runs.Push((memory, offset));
                return;
            }
        }

        var added = new FreeList(length, new Stack<(DeviceMemory<T>, long)>(16));
        added.Runs.Push((memory, offset));
        _free.Add(added);
    }

    /// <summary>Takes everything back.</summary>
    public void Reset()
    {
        foreach (var list in _free)
            list.Runs.Clear();
        _chunk = 0;
        _position = 0;
    }

    // A device that is nearly full may still have room for what is needed now.
    private DeviceMemory<T> AllocateChunk(int length)
    {
        if (length >= ChunkLength)
            return kernels.Allocate(length);
        try
        {
            return kernels.Allocate(ChunkLength);
        }
        catch (DeviceMemoryException)
        {
            return kernels.Allocate(length);
        }
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _chunks.Clear();
    }

    private readonly record struct FreeList(int Length, Stack<(DeviceMemory<T> Memory, long Offset)> Runs);
}
