using System.Numerics;

namespace FlowCore.Training;

/// <summary>
/// The losses of one batch, block by block on all workers, and with slots also its gradients. Block b belongs to slot
/// b mod S; a slot's blocks run one after another on one worker, so neither the cut nor any sum depends on how many workers there are.
/// </summary>
/// <remarks>
/// Block b leaves the weighted sum of its losses (of its log-densities where there is no objective) and its weight at 2b and 2b + 1 of a buffer of sums on the device, where the caller reads
/// them when it pleases.
/// </remarks>
internal sealed class BatchPass<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingWorker<T>[] _workers;
    private readonly DeviceMemory<T>[]? _slots;
    private readonly IObjective<T>? _objective;
    private readonly ITrainingData<T> _data;
    private readonly DeviceMemory<double> _sums;
    private readonly int _blockRows;
    private BatchRequest _request;
    private T[]? _losses;
    private int[]? _outside;

    /// <param name="workers">One for each worker of the device.</param>
    /// <param name="blockRows">The rows of a block.</param>
    /// <param name="data">The source.</param>
    /// <param name="objective">The loss, or null for the negative log-density.</param>
    /// <param name="slots">The gradient buffers, or null to evaluate only.</param>
    /// <param name="sums">Where the sums of the blocks go: two for each block of the largest batch.</param>
    public BatchPass(
        TrainingWorker<T>[] workers, int blockRows, ITrainingData<T> data, IObjective<T>? objective, DeviceMemory<T>[]? slots, DeviceMemory<double> sums)
    {
        _workers = workers;
        _blockRows = blockRows;
        _data = data;
        _objective = objective;
        _slots = slots;
        _sums = sums;
    }

    /// <summary>How many blocks the last batch had.</summary>
    public int Blocks => BlocksOf(_request.RowCount, _blockRows);

    /// <summary>How many slots the last batch used.</summary>
    public int SlotsUsed => _slots is null ? Blocks : Math.Min(Blocks, _slots.Length);

    /// <summary>Whether rows whose log-density is −∞ are left out; where the loss is an objective's, none is.</summary>
    public bool LeavesOut { get; set; }

    /// <summary>How many rows of the last batch were left out.</summary>
    public int Outside
    {
        get
        {
            var outside = 0;
            for (var block = 0; _outside is not null && block < Blocks; block++)
                outside += _outside[block];
            return outside;
        }
    }

    public static int BlocksOf(int rows, int blockRows) => (rows + blockRows - 1) / blockRows;

    /// <summary>Runs a batch; <paramref name="request"/> is for all of its rows.</summary>
    public void Run(Device device, in BatchRequest request)
    {
        _request = request;
        if (LeavesOut && (_outside is null || _outside.Length < Blocks))
            _outside = new int[Blocks];
        device.Run(this, SlotsUsed);
    }

    /// <summary>The loss of every row of a batch, without gradients.</summary>
    public T[] Losses(Device device, in BatchRequest request)
    {
        _request = request;
        _losses = new T[request.RowCount];
        try
        {
            device.Run(this, SlotsUsed);
            return _losses;
        }
        finally
        {
            _losses = null;
        }
    }

    /// <summary>Adds the sums of a batch's blocks in their order.</summary>
    /// <param name="sums">What was read of the buffer: two numbers a block, and possibly others behind them.</param>
    public BlockSums Total(ReadOnlySpan<double> sums)
    {
        double loss = 0;
        double weight = 0;
        for (var block = 0; block < Blocks; block++)
        {
            loss += sums[2 * block];
            weight += sums[(2 * block) + 1];
        }

        // What the device sums is the objective, or without one the log-density, whose negative is the loss.
        return new BlockSums(_objective is null ? -loss : loss, weight);
    }

    /// <summary>Lets every worker run the first block once, one after another, so that each has all its memory before the first step.</summary>
    public void WarmUp(in BatchRequest request)
    {
        _request = request with { RowCount = Math.Min(request.RowCount, _blockRows) };
        for (var worker = 0; worker < _workers.Length; worker++)
            Run(item: 0, worker);
    }

    public void Run(int item, int worker)
    {
        var own = _workers[worker];
        var stride = _slots?.Length ?? Blocks;
        var gradients = _losses is null ? _slots?[item] : null;
        if (gradients is not null)
            own.Kernels.Fill(new Matrix<T>(gradients, 0, (int)gradients.Length, 1, (int)gradients.Length), T.Zero);
        for (var block = item; block < Blocks; block += stride)
        {
            var first = block * _blockRows;
            var count = Math.Min(_blockRows, _request.RowCount - first);
            var request = _request with { FirstRow = _request.FirstRow + first, RowCount = count };
            var leavesOut = LeavesOut && _objective is null && _outside is not null;
            var outside = own.Run(_data, _objective, request, gradients, _sums, 2 * block, _losses is null ? default : _losses.AsSpan(first, count), leavesOut);
            if (leavesOut)
                _outside![block] = outside;
        }
    }
}
