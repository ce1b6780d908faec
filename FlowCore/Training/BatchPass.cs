using System.Numerics;

namespace FlowCore.Training;

/// <summary>
/// The losses of one batch, block by block on all workers, and with slots also its gradients. Block b belongs to slot
/// b mod S; a slot's blocks run one after another on one worker, so neither the cut nor any sum depends on how many workers there are.
/// </summary>
internal sealed class BatchPass<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingWorker<T>[] _workers;
    private readonly DeviceMemory<T>[]? _slots;
    private readonly int _blockRows;
    private readonly T[] _losses;
    private readonly BlockSums[] _sums;
    private readonly IObjective<T>? _objective;
    private readonly ITrainingData<T> _data;
    private BatchRequest _request;
    private int _rows;
    private int _blocks;

    /// <param name="workers">One for each worker of the device.</param>
    /// <param name="blockRows">The rows of a block.</param>
    /// <param name="capacity">The largest number of rows of a batch.</param>
    /// <param name="data">The source.</param>
    /// <param name="objective">The loss, or null for the negative log-density.</param>
    /// <param name="slots">The gradient buffers, or null to evaluate only.</param>
    public BatchPass(
        TrainingWorker<T>[] workers, int blockRows, int capacity, ITrainingData<T> data, IObjective<T>? objective, DeviceMemory<T>[]? slots)
    {
        _workers = workers;
        _blockRows = blockRows;
        _data = data;
        _objective = objective;
        _slots = slots;
        _losses = new T[capacity];
        _sums = new BlockSums[BlocksOf(capacity, blockRows)];
    }

    /// <summary>How many slots the last batch used.</summary>
    public int SlotsUsed => _slots is null ? _blocks : Math.Min(_blocks, _slots.Length);

    /// <summary>The loss of every row of the last batch.</summary>
    public ReadOnlySpan<T> Losses => _losses.AsSpan(0, _rows);

    public static int BlocksOf(int rows, int blockRows) => (rows + blockRows - 1) / blockRows;

    /// <summary>Runs a batch; <paramref name="request"/> is for all of its rows.</summary>
    /// <returns>The sums over the batch, added in the order of the blocks.</returns>
    public BlockSums Run(Device device, in BatchRequest request)
    {
        Begin(request);
        device.Run(this, SlotsUsed);
        double loss = 0;
        double weight = 0;
        for (var block = 0; block < _blocks; block++)
        {
            loss += _sums[block].Loss;
            weight += _sums[block].Weight;
        }

        return new BlockSums(loss, weight);
    }

    /// <summary>Lets every worker run the first block once, one after another, so that each has all its memory before the first step.</summary>
    public void WarmUp(in BatchRequest request)
    {
        Begin(request with { RowCount = Math.Min(request.RowCount, _blockRows) });
        for (var worker = 0; worker < _workers.Length; worker++)
            Run(item: 0, worker);
    }

    public void Run(int item, int worker)
    {
        var own = _workers[worker];
        if (_slots is null)
        {
            RunBlock(own, item, gradients: null);
            return;
        }

        var gradients = _slots[item];
        own.Kernels.Fill(new Matrix<T>(gradients, 0, (int)gradients.Length, 1, (int)gradients.Length), T.Zero);
        for (var block = item; block < _blocks; block += _slots.Length)
            RunBlock(own, block, gradients);
    }

    private void Begin(in BatchRequest request)
    {
        _request = request;
        _rows = request.RowCount;
        _blocks = BlocksOf(_rows, _blockRows);
    }

    private void RunBlock(TrainingWorker<T> worker, int block, DeviceMemory<T>? gradients)
    {
        var first = block * _blockRows;
        var count = Math.Min(_blockRows, _rows - first);
        var request = _request with { FirstRow = _request.FirstRow + first, RowCount = count };
        _sums[block] = worker.Run(_data, _objective, request, gradients, _losses.AsSpan(first, count));
    }
}
