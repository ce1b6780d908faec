using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>The order of the rows of one epoch, and how many workers read it.</summary>
internal sealed class EpochOrder(int count)
{
    private long[]? _keys;
    private int _epoch;
    private int _batchSize;
    private RandomStream _stream;

    public int[] Rows { get; } = new int[count];

    public int Readers { get; set; }

    public bool IsOf(in BatchRequest request) => _epoch == request.Epoch && _stream == request.Stream && _batchSize == request.BatchSize;

    /// <summary>Notes whose order it is, and sorts each batch by a number of its rows where there are such; rows of one number stay in their order.</summary>
    public void Finish(in BatchRequest request, int[]? numbers)
    {
        (_epoch, _stream, _batchSize) = (request.Epoch, request.Stream, request.BatchSize);
        if (numbers is null)
            return;
        _keys ??= new long[Rows.Length];
        for (var i = 0; i < Rows.Length; i++)
            _keys[i] = ((long)numbers[Rows[i]] << 32) | (uint)i;
        for (var start = 0; start < Rows.Length; start += _batchSize)
            Array.Sort(_keys, Rows, start, Math.Min(_batchSize, Rows.Length - start));
    }
}
