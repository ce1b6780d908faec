using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tables;

/// <summary>Rows in blocks of one size: in memory as long as they fit a budget, then all of them in a scratch file. Written by one thread, then read by many.</summary>
internal sealed class RowStore<T>(int width, long budget, string folder) : IDisposable
    where T : unmanaged
{
    private const int BlockBytes = 1 << 18;
    private const int FewestRows = 1 << 5;
    private const int MostRows = 1 << 16;

    private readonly List<T[]> _blocks = [];
    private T[] _last = [];
    private ScratchFile? _scratch;
    private int _rowsOfLast;

    /// <summary>The rows of a block: a power of 2.</summary>
    public int BlockRows { get; } = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(BlockBytes / (width * Unsafe.SizeOf<T>())) + 1) / 2, FewestRows, MostRows);

    /// <summary>How many rows.</summary>
    public long Count { get; private set; }

    /// <summary>How many blocks; the last may be shorter.</summary>
    public int BlockCount => checked((int)((Count + BlockRows - 1) / BlockRows));

    /// <summary>Whether the rows lie in a file.</summary>
    public bool IsSpooled => _scratch is not null;

    /// <summary>Appends a row.</summary>
    public void Add(ReadOnlySpan<T> row)
    {
        if (_last.Length == 0)
            _last = new T[BlockRows * width];
        row.CopyTo(_last.AsSpan(_rowsOfLast * width));
        Count++;
        if (++_rowsOfLast == BlockRows)
            Put();
    }

    /// <summary>Says that there are no more rows.</summary>
    public void Complete()
    {
        if (_rowsOfLast > 0)
        {
            _last = _last[..(_rowsOfLast * width)];
            Put();
        }

        _last = [];
    }

    /// <summary>The rows of a block that is in memory.</summary>
    public T[] Block(int block) => _blocks[block];

    /// <summary>Copies rows.</summary>
    /// <param name="row">The first.</param>
    /// <param name="rows">Receives whole rows, which are there.</param>
    public void Read(long row, Span<T> rows)
    {
        if (_scratch is not null)
        {
            _scratch.Read(MemoryMarshal.AsBytes(rows), row * width * Unsafe.SizeOf<T>());
            return;
        }

        while (rows.Length > 0)
        {
            var block = _blocks[(int)(row / BlockRows)].AsSpan((int)(row % BlockRows) * width);
            var length = Math.Min(block.Length, rows.Length);
            block[..length].CopyTo(rows);
            rows = rows[length..];
            row += length / width;
        }
    }

    /// <summary>Gives to the system what nobody uses any more: the collector, which knows no limit but the machine's, would keep it.</summary>
    public static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);

    /// <inheritdoc/>
    public void Dispose() => _scratch?.Dispose();

    private void Put()
    {
        if (_scratch is null && Count * width * Unsafe.SizeOf<T>() > budget)
        {
            _scratch = new ScratchFile(folder);
            for (var i = 0; i < _blocks.Count; i++)
                Write(_blocks[i], i);
            _blocks.Clear();
            _blocks.TrimExcess();
            ReturnMemory();
        }

        if (_scratch is null)
        {
            _blocks.Add(_last);
            _last = [];
        }
        else
        {
            Write(_last, (Count - 1) / BlockRows);
        }

        _rowsOfLast = 0;
    }

    private void Write(T[] block, long index) => _scratch!.Write(MemoryMarshal.AsBytes<T>(block), index * BlockRows * width * Unsafe.SizeOf<T>());
}
