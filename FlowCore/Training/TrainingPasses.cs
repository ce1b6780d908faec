using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>The tapes of a training's workers and the passes over a batch, for one size of block, with the sums that a step reads back.</summary>
internal sealed class TrainingPasses<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // More slots would let more than 16 cores share a batch, and cost a buffer of the model's size and its part of the sum each.
    public const int MaximumSlots = 16;

    // On a device of large blocks, evaluation does not need the memory of a block of all of them.
    public const int LargestEvaluationBlock = 1 << 13;

    private readonly Kernels<T> _kernels;
    private readonly TrainingWorker<T>[] _workers;
    private readonly DeviceMemory<double> _sums;
    private readonly double[] _read;

    /// <param name="model">The model.</param>
    /// <param name="kernels">The queue of each worker; they stay the caller's.</param>
    /// <param name="blockRows">The rows of a block.</param>
    /// <param name="batchRows">The rows of the largest training batch.</param>
    /// <param name="evaluationRows">The rows of the largest validation batch.</param>
    /// <param name="data">The training rows.</param>
    /// <param name="validation">The validation rows, or null.</param>
    /// <param name="objective">The loss, or null for the negative log-density.</param>
    /// <param name="slots">The gradient buffers.</param>
    /// <param name="chunks">What is trained.</param>
    public TrainingPasses(
        DensityModel<T> model, Kernels<T>[] kernels, int blockRows, int batchRows, int evaluationRows,
        ITrainingData<T> data, ITrainingData<T>? validation, IObjective<T>? objective, DeviceMemory<T>[] slots, ParameterChunk[] chunks)
    {
        _kernels = kernels[0];
        _workers = new TrainingWorker<T>[kernels.Length];
        for (var i = 0; i < kernels.Length; i++)
            _workers[i] = new TrainingWorker<T>(model, kernels[i], blockRows);

        // Two sums for each block of a batch, and behind them the squares of each chunk.
        var ofBlocks = 2 * BatchPass<T>.BlocksOf(batchRows, blockRows);
        SumsOfStep = ofBlocks + chunks.Length;
        var length = Math.Max(SumsOfStep, 2 * BatchPass<T>.BlocksOf(evaluationRows, blockRows));
        _sums = kernels[0].AllocateSums(length);
        _read = new double[length];
        Gradients = new BatchPass<T>(_workers, blockRows, data, objective, slots, _sums);
        if (validation is not null)
            Evaluation = new BatchPass<T>(_workers, blockRows, validation, objective, slots: null, _sums);
        Reduction = new GradientReduction<T>(kernels, slots, chunks, _sums, ofBlocks);
    }

    /// <summary>The losses and gradients of a training batch.</summary>
    public BatchPass<T> Gradients { get; }

    /// <summary>The losses of a validation batch; null without validation.</summary>
    public BatchPass<T>? Evaluation { get; }

    /// <summary>The sum of the gradients.</summary>
    public GradientReduction<T> Reduction { get; }

    /// <summary>How many numbers of the sums a training step reads.</summary>
    public int SumsOfStep { get; }

    /// <summary>Waits for the device and reads its sums.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The first <paramref name="count"/> sums, until the next call.</returns>
    public ReadOnlyMemory<double> ReadSums(int count)
    {
        _kernels.ReadSums(_sums, _read.AsSpan(0, count));
        return _read.AsMemory(0, count);
    }

    /// <summary>Frees tapes and sums.</summary>
    public void Dispose()
    {
        foreach (var worker in _workers)
            worker.Dispose();
        _sums.Dispose();
    }
}
