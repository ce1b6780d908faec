using System.Diagnostics;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>Trains a model: steps, epochs, validation, checkpoints and history.</summary>
/// <remarks>
/// <para>
/// A step has three parts, each on all workers of the model's device: the gradients of the batch, block by block into at
/// most 16 buffers; their sum and its norm; one sweep of the optimiser over the parameters. How batch and buffers are
/// cut depends on the sizes alone and sums are added in a fixed order, so a seed gives the same bits for any number of
/// threads, and a resumed run ends in the bits of one that was never interrupted.
/// </para>
/// <para>
/// The loss is Σ wᵢ lᵢ / Σ wᵢ over the rows of a batch with lᵢ = −log p(xᵢ | cᵢ, νᵢ), or the loss of an
/// <see cref="IObjective{T}"/>. Parameters that are not trainable keep their bits. Once every worker has run a block, a
/// step allocates nothing on the managed heap.
/// </para>
/// <para>Not thread-safe; nobody else may change the model meanwhile.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class Trainer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // More slots would let more than 16 cores share a batch, and cost a buffer of the model's size and its part of the sum each.
    private const int MaximumSlots = 16;

    // Validation rows of a finite source that are evaluated between two looks at the sums.
    private const int EvaluationRows = 1 << 16;

    private readonly DensityModel<T> _model;
    private readonly Device _device;
    private readonly TrainingOptions _options;
    private readonly ITrainingData<T> _data;
    private readonly ITrainingData<T>? _validation;
    private readonly RandomStream _trainingStream;
    private readonly RandomStream _validationStream;
    private readonly TrainingWorker<T>[] _workers;
    private readonly DeviceMemory<T>[] _slots;
    private readonly DeviceMemory<T> _firstMoment;
    private readonly DeviceMemory<T> _secondMoment;
    private readonly DeviceMemory<T> _best;
    private readonly BatchPass<T> _gradients;
    private readonly BatchPass<T>? _evaluation;
    private readonly GradientReduction<T> _reduction;
    private readonly OptimiserPass<T> _update;
    private readonly int _evaluationRows;
    private readonly T[] _host;
    private readonly KeyValuePair<string, string>[] _configuration;
    private readonly RunState _state = new();
    private bool _warm;
    private bool _disposed;

    /// <summary>Prepares a run, and with <see cref="TrainingOptions.Resume"/> loads the checkpoint where there is one.</summary>
    /// <param name="model">What to train. Its weights are the start; the trainer does not dispose it.</param>
    /// <param name="data">The rows to train on.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="validation">Rows to validate on after every epoch; null for none.</param>
    /// <param name="objective">The loss; null for the negative log-density.</param>
    /// <exception cref="ArgumentException">An option is out of range, or data and model do not fit together.</exception>
    /// <exception cref="IOException">The checkpoint to resume from cannot be read or belongs to another run.</exception>
    public Trainer(
        DensityModel<T> model,
        ITrainingData<T> data,
        TrainingOptions? options = null,
        ITrainingData<T>? validation = null,
        IObjective<T>? objective = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        options.Check();
        data.CheckShape(model.Features, model.ContextFeatures, model.Nuisances);
        validation?.CheckShape(model.Features, model.ContextFeatures, model.Nuisances);
        if (options.EarlyStopping is not null && validation is null)
            throw new ArgumentException("Early stopping needs validation data; none came.", nameof(validation));

        _model = model;
        _device = model.Device;
        _options = options;
        _data = data;
        _validation = validation;
        _trainingStream = RunStreams.Training(options.Seed);
        _validationStream = RunStreams.Validation(options.Seed);
        (BatchSize, StepsPerEpoch, Epochs) = PlanSteps(data, options);

        var chunks = ParameterChunk.Cut(model.Parameters);
        if (chunks.Length == 0)
            throw new ArgumentException("The model has no parameter that can be trained.", nameof(model));

        var length = model.Parameters.Length;
        var slots = Math.Min(MaximumSlots, BatchPass<T>.BlocksOf(BatchSize, _device.BlockRows));
        _workers = new TrainingWorker<T>[_device.Workers];
        for (var i = 0; i < _workers.Length; i++)
            _workers[i] = new TrainingWorker<T>(model);
        _slots = new DeviceMemory<T>[slots];
        for (var i = 0; i < slots; i++)
            _slots[i] = _workers[0].Kernels.Allocate(length);
        _firstMoment = _workers[0].Kernels.Allocate(length);
        _secondMoment = _workers[0].Kernels.Allocate(length);
        _best = _workers[0].Kernels.Allocate(length);
        _host = new T[length];

        _gradients = new BatchPass<T>(_workers, _device.BlockRows, BatchSize, data, objective, _slots);
        if (validation is not null)
        {
            // A generator may depend on the size of its batch (a quarter from each template); rows in memory do not.
            _evaluationRows = validation.Rows is { } rows ? (int)Math.Min(rows, EvaluationRows) : BatchSize;
            _evaluation = new BatchPass<T>(_workers, _device.BlockRows, _evaluationRows, validation, objective, slots: null);
        }

        _reduction = new GradientReduction<T>(_workers, _slots, chunks);
        _update = new OptimiserPass<T>(_workers, chunks, model.Parameters.Memory, _slots[0], _firstMoment, _secondMoment);
        _state.Schedule = new double[options.Schedule.StateLength];
        options.Schedule.Start(_state.Schedule);
        _configuration = Describe(objective);
    }

    /// <summary>The rows of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>The steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The epochs of the run, if it is not stopped early.</summary>
    public int Epochs { get; }

    /// <summary>The steps that are done, over all resumed parts.</summary>
    public long Step => _state.Step;

    /// <summary>The complete epochs, over all resumed parts.</summary>
    public int CompletedEpochs => _state.Epoch;

    /// <summary>Whether all epochs are done or early stopping has ended the run.</summary>
    public bool IsFinished => _state.Stopped || _state.Epoch >= Epochs;

    /// <summary>What has happened so far, over all resumed parts.</summary>
    public TrainingHistory History { get; } = new();

    /// <summary>Makes one step of the run: no validation, no checkpoint, no history. The end of an epoch is <see cref="Run"/>'s to close.</summary>
    /// <returns>The weighted mean loss of the batch before the update; NaN for a batch whose weights are all 0.</returns>
    /// <exception cref="TrainingDivergedException">A loss or the gradient is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The epoch is complete, or the data source left weights whose sum is negative.</exception>
    public double RunStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_state.StepOfEpoch >= StepsPerEpoch || IsFinished)
            throw new InvalidOperationException("The epoch is complete.");
        return MakeStep(out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var slot in _slots)
            slot.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
        _best.Dispose();
        foreach (var worker in _workers)
            worker.Dispose();
    }

    private static (int BatchSize, int StepsPerEpoch, int Epochs) PlanSteps(ITrainingData<T> data, TrainingOptions options)
    {
        if (data.Rows is not { } rows)
        {
            return options.StepsPerEpoch is { } given
                ? (options.BatchSize ?? 1024, given, options.Epochs ?? 100)
                : throw new ArgumentException("An endless data source needs the number of steps of an epoch; none came.", nameof(options));
        }

        if (rows < 1)
            throw new ArgumentException($"Expected at least one row; the data has {rows}.", nameof(data));
        var batch = options.BatchSize ?? (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(rows / 16, 64, 1024) / 2 + 1);
        batch = (int)Math.Min(batch, rows);
        var all = (rows + batch - 1) / batch;
        if (options.StepsPerEpoch > all)
        {
            throw new ArgumentException(
                $"{rows} rows in batches of {batch} allow at most {all} steps an epoch; {options.StepsPerEpoch} are wanted.", nameof(options));
        }

        var steps = options.StepsPerEpoch ?? checked((int)all);
        return (batch, steps, options.Epochs ?? (int)Math.Clamp((10_000L + steps - 1) / steps, 5, 200));
    }

    private double MakeStep(out double norm)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = BatchSize;
        if (_data.Rows is { } all)
            rows = (int)Math.Min(rows, all - ((long)_state.StepOfEpoch * BatchSize));
        var request = new BatchRequest(BatchPurpose.Training, _state.Epoch, _state.StepOfEpoch, BatchSize, 0, rows, _trainingStream);
        if (!_warm)
        {
            _gradients.WarmUp(request);
            _warm = true;
        }

        var sums = _gradients.Run(_device, request);
        var loss = sums.Loss / sums.Weight;
        if (sums.Weight < 0)
            throw new InvalidOperationException($"The weights of a batch must not sum to less than 0; those of epoch {_state.Epoch}, step {_state.StepOfEpoch} sum to {sums.Weight}.");
        if (sums.Weight != 0 && !double.IsFinite(loss))
            throw Diverged("the loss is not finite", BatchPurpose.Training, _state.StepOfEpoch, _gradients.Losses);

        var point = new SchedulePoint(_state.Step, StepsPerEpoch, (long)StepsPerEpoch * Epochs);
        var rate = _options.Optimiser.LearningRate * _options.Schedule.Factor(point, _state.Schedule);
        norm = 0;
        if (sums.Weight > 0)
        {
            norm = Math.Sqrt(_reduction.Run(_device, _gradients.SlotsUsed)) / sums.Weight;
            if (!double.IsFinite(norm))
                throw Diverged("the gradient is not finite though the loss is", BatchPurpose.Training, _state.StepOfEpoch, default);

            // The slots hold the gradient of the weighted sum; the division by the sum of the weights and the clipping
            // are one factor in the sweep. The 10⁻⁶ is that of torch's clip_grad_norm_.
            var scale = 1 / sums.Weight;
            if (_options.GradientClip is { } clip && norm + 1e-6 > clip)
                scale *= clip / (norm + 1e-6);
            _update.Run(_device, _options.Optimiser.StepOf(++_state.Updates, rate, scale));
        }

        _state.LossSum += sums.Loss;
        _state.WeightSum += sums.Weight;
        _state.NormSum += norm;
        _state.RowSum += rows;
        _state.LearningRate = rate;
        _state.Step++;
        _state.StepOfEpoch++;
        _state.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        return loss;
    }

    private TrainingDivergedException Diverged(string what, BatchPurpose purpose, long step, ReadOnlySpan<T> losses)
    {
        var rows = new List<int>();
        for (var i = 0; i < losses.Length; i++)
        {
            if (!T.IsFinite(losses[i]))
                rows.Add(i);
        }

        return new TrainingDivergedException(what, purpose, _state.Epoch, step, rows, losses.Length, _checkpointWritten ? _options.CheckpointPath : null);
    }
}
