using FlowCore.Random;

namespace Tables;

/// <summary>
/// A piece of an epoch's order: the rows of some blocks, chosen at random, in a random order. Where the rows lie in a file the window holds a copy of
/// its blocks, so that every block is read once an epoch, in one piece.
/// </summary>
internal sealed class RowWindow<T>(RowStore<T> store, int width)
    where T : unmanaged
{
    /// <summary>The blocks of a window; with the store's blocks, 16 MiB. Not a matter of memory limits: the order would change with them.</summary>
    public const int Blocks = 64;

    private readonly int[] _places = new int[Blocks * store.BlockRows];
    private readonly int[] _blocks = new int[Blocks];
    private T[] _data = [];
    private int _epoch = -1;
    private int _index;
    private RandomStream _stream;

    /// <summary>The place in the epoch of the first row.</summary>
    public long Start { get; private set; }

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>The workers that read.</summary>
    public int Readers { get; set; }

    /// <summary>When it was last asked for.</summary>
    public long Use { get; set; }

    public bool IsOf(RandomStream stream, int epoch, int index) => _epoch == epoch && _index == index && _stream == stream;

    /// <summary>Fills the window.</summary>
    /// <param name="stream">The run's stream.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="index">Which window of the epoch.</param>
    /// <param name="start">The place in the epoch of its first row.</param>
    /// <param name="blocks">Its blocks.</param>
    public void Load(RandomStream stream, int epoch, int index, long start, ReadOnlySpan<int> blocks)
    {
        _epoch = -1;
        var rows = store.BlockRows;
        Count = 0;
        if (store.IsSpooled && _data.Length == 0)
        {
            // What was read before, and the sample of the charts, may be larger than the window.
            RowStore<T>.ReturnMemory();
            _data = new T[Blocks * rows * width];
        }

        for (var b = 0; b < blocks.Length; b++)
        {
            _blocks[b] = blocks[b];
            var first = (long)blocks[b] * rows;
            var count = (int)Math.Min(rows, store.Count - first);
            for (var i = 0; i < count; i++)
                _places[Count++] = (b * rows) + i;
            if (store.IsSpooled)
                store.Read(first, _data.AsSpan(b * rows * width, count * width));
        }

        stream.Substream((ulong)epoch).Substream((ulong)index).Shuffle(_places.AsSpan(0, Count));
        (_stream, _epoch, _index, Start) = (stream, epoch, index, start);
    }

    /// <summary>The numbers of a row.</summary>
    /// <param name="place">Its place in the window.</param>
    public ReadOnlySpan<T> Row(int place)
    {
        var at = _places[place];
        return store.IsSpooled
            ? _data.AsSpan(at * width, width)
            : store.Block(_blocks[at / store.BlockRows]).AsSpan(at % store.BlockRows * width, width);
    }

    /// <summary>Where in the store a row is.</summary>
    /// <param name="place">Its place in the window.</param>
    public long NumberOf(int place)
    {
        var at = _places[place];
        return ((long)_blocks[at / store.BlockRows] * store.BlockRows) + (at % store.BlockRows);
    }
}
