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
/// <para>
/// Not thread-safe; nobody else may change the model meanwhile. Only <see cref="Dispose"/> may be called from anywhere, from a
/// callback too: a step that is under way then ends in order or with an <see cref="ObjectDisposedException"/>, and what the trainer
/// holds is freed afterwards.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed partial class Trainer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _model;
    private readonly Device _device;
    private readonly TrainingOptions _options;
    private readonly ITrainingData<T> _data;
    private readonly ITrainingData<T>? _validation;
    private readonly RandomStream _trainingStream;
    private readonly RandomStream _validationStream;
    private readonly IObjective<T>? _objective;
    private readonly IScheduledObjective<T>? _scheduled;
    private readonly Kernels<T>[] _kernels;
    private readonly DeviceMemory<T>[] _slots;
    private readonly DeviceMemory<T> _firstMoment;
    private readonly DeviceMemory<T> _secondMoment;
    private readonly DeviceMemory<T>? _best;
    private readonly ParameterChunk[] _chunks;
    private readonly OptimiserPass<T> _update;
    private readonly int _evaluationRows;
    private readonly T[] _host;
    private readonly KeyValuePair<string, string>[] _configuration;
    private readonly ValidationMetrics<T>? _metrics;
    private readonly UseCount _uses;
    private RunState _state = new();
    private int _blockRows;
    private TrainingPasses<T>? _passes;
    private volatile bool _atWork;
    private bool _checkpointWritten;
    private readonly DataLayers<T>? _layers;
    private T[][] _bestFollowed = [];
    private bool _leavesOut;
    private CheckpointBuffers<T>? _buffers;

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
        model.Parameters.ThrowIfDisposed();
        data.CheckShape(model.Features, model.ContextFeatures, model.Nuisances);
        validation?.CheckShape(model.Features, model.ContextFeatures, model.Nuisances);

        ConstantRange.CheckLarge<T>(options.Optimiser.LearningRate, "The learning rate", nameof(options));
        ConstantRange.CheckLarge<T>(options.Optimiser.WeightDecay, "The weight decay", nameof(options));
        ConstantRange.Check<T>(options.Optimiser.Epsilon, "The epsilon", nameof(options));
        _metrics = options.Metrics.Count > 0 ? new ValidationMetrics<T>(model, validation, options.Metrics) : null;
        _uses = new UseCount(this);
        _model = model;
        _device = model.Device;
        _options = options;
        _data = data;
        _validation = validation;
        _trainingStream = RunStreams.Training(options.Seed);
        _validationStream = RunStreams.Validation(options.Seed);
        (BatchSize, StepsPerEpoch, Epochs) = PlanSteps(data, options);

        _objective = objective;
        _scheduled = objective as IScheduledObjective<T>;
        _layers = DataLayers<T>.Of(model);
        _chunks = ParameterChunk.Cut(model.Parameters);
        if (_chunks.Length == 0)
            throw new ArgumentException("The model has no parameter that can be trained.", nameof(model));

        // A generator may depend on the size of its batch (a quarter from each template); rows in memory do not.
        if (validation is not null)
            _evaluationRows = validation.Rows is { } rows ? (int)Math.Min(rows, objective is IBatchObjective<T> ? BatchSize : EvaluationRows) : BatchSize;
        _blockRows = objective is IBatchObjective<T> ? RoundUpToQuantum(Math.Max(BatchSize, _evaluationRows)) : Math.Min(model.BlockRows, RoundUpToQuantum(Math.Max(BatchSize, Math.Min(_evaluationRows, TrainingPasses<T>.LargestEvaluationBlock))));

        var length = model.Parameters.Length;
        _kernels = new Kernels<T>[_device.Workers];
        for (var i = 0; i < _kernels.Length; i++)
            _kernels[i] = _device.CreateKernels<T>();
        _slots = new DeviceMemory<T>[Math.Min(TrainingPasses<T>.MaximumSlots, BatchPass<T>.BlocksOf(BatchSize, _blockRows))];
        for (var i = 0; i < _slots.Length; i++)
            _slots[i] = _kernels[0].Allocate(length);
        _firstMoment = _kernels[0].Allocate(length);
        _secondMoment = _kernels[0].Allocate(length);
        if (validation is not null && options.RestoreBest)
            _best = _kernels[0].Allocate(length);
        if (options.WeightAveraging > 0)
            (_average, _held) = (_kernels[0].Allocate(length), _kernels[0].Allocate(length));
        _host = new T[length];
        _update = new OptimiserPass<T>(_kernels, _chunks, model.Parameters.Memory, _slots[0], _firstMoment, _secondMoment);
        _state.Schedule = new double[options.Schedule.StateLength];
        options.Schedule.Start(_state.Schedule);
        _configuration = Describe(objective);
        if (options.Resume && File.Exists(options.CheckpointPath))
        {
            try
            {
                LoadCheckpoint(options.CheckpointPath);
            }
            catch
            {
                Dispose();
                throw;
            }
        }
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

    private long AllSteps => (long)StepsPerEpoch * Epochs;

    private TrainingOutcome FinishedOutcome => _state.Stopped ? TrainingOutcome.StoppedEarly : TrainingOutcome.Completed;

    /// <summary>What has happened so far, over all resumed parts.</summary>
    public TrainingHistory History { get; } = new();

    /// <summary>
    /// Makes one step of the run. The last of an epoch closes it as <see cref="Run"/> does, with validation, early stopping and checkpoint, and the next
    /// step belongs to the next epoch; no step enters the history, and no history file is written.
    /// </summary>
    /// <returns>The weighted mean loss of the batch before the update; NaN for a batch whose weights are all 0.</returns>
    /// <exception cref="TrainingDivergedException">A loss or the gradient is NaN or infinite, or no row of the batch lies inside the model's support.</exception>
    /// <exception cref="InvalidOperationException">The run is finished, or the data source left weights whose sum is negative.</exception>
    public double RunStep()
    {
        using var use = new Use(this);
        ThrowIfFinished();
        var loss = MakeStep(out _);
        if (_state.StepOfEpoch == StepsPerEpoch)
            EndEpoch(writer: null, progress: null, Stopwatch.GetTimestamp());
        return loss;
    }

    /// <summary>Makes the steps that are left of an epoch and closes it, as <see cref="RunStep"/> does: for a loop of one's own over the epochs.</summary>
    /// <returns>What the epoch came to.</returns>
    /// <exception cref="TrainingDivergedException">As for <see cref="RunStep"/>.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="RunStep"/>.</exception>
    public EpochRecord RunEpoch()
    {
        using var use = new Use(this);
        ThrowIfFinished();
        while (_state.StepOfEpoch < StepsPerEpoch)
            MakeStep(out _);
        EndEpoch(writer: null, progress: null, Stopwatch.GetTimestamp());
        return History.Epochs[^1];
    }

    /// <summary>Gives the model the weights of the best epoch of the validation so far, as <see cref="Run"/> does at its end.</summary>
    /// <returns>Whether there are such: not without validation or <see cref="TrainingOptions.RestoreBest"/>, nor before the first epoch is closed.</returns>
    public bool RestoreBest()
    {
        using var use = new Use(this);
        _model.Parameters.ThrowIfDisposed();
        if (_best is null || _state.BestEpoch < 0)
            return false;
        Copy(_best, _model.Parameters.Memory);
        _layers?.Write(_bestFollowed);
        return true;
    }

    /// <summary>Runs the epochs that are left, and ends with the best epoch's weights where the options say so.</summary>
    /// <param name="progress">Receives a report after every step and every epoch, on this thread; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps: the checkpoint, where there is one, is written, the model keeps the weights that it has, and the result says so.</param>
    /// <returns>What the run came to.</returns>
    /// <exception cref="TrainingDivergedException">A loss, a gradient or a weight is NaN or infinite.</exception>
    /// <exception cref="IOException">Checkpoint or history could not be written; the checkpoint that was there before is whole.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var use = new Use(this);
        var started = Stopwatch.GetTimestamp();
        WarnAboutData();
        using var writer = _options.HistoryPath is { } path ? new HistoryWriter(path, _state.Identity, _configuration, History) : null;
        while (!IsFinished)
        {
            if (_options.StepInterval > 0)
                History.Reserve(1, (StepsPerEpoch / _options.StepInterval) + 1);
            while (_state.StepOfEpoch < StepsPerEpoch)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    if (_options.CheckpointPath is { } checkpoint)
                        SaveCheckpoint(checkpoint);
                    writer?.WriteEnd("cancelled");
                    progress?.Report(Progress(_state.Epoch, _state.StepOfEpoch, false, double.NaN, double.NaN, started) with { Outcome = TrainingOutcome.Cancelled });
                    return Result(TrainingOutcome.Cancelled);
                }

                var loss = MakeStep(out var norm);
                if (_options.StepInterval > 0 && (_state.Step - 1) % _options.StepInterval == 0)
                {
                    var record = new StepRecord(_state.Epoch, _state.Step - 1, loss, _state.LearningRate, norm);
                    History.Add(record);
                    writer?.Write(record);
                }

                var report = Progress(_state.Epoch, _state.StepOfEpoch, false, loss, norm, started);
                if (_options.StopWhen is { } stop && _options.StopInterval > 0 && _state.Step % _options.StopInterval == 0 && stop(report))
                {
                    _state.Stopped = true;
                    break;
                }

                progress?.Report(report);
            }

            if (_state is { Stopped: true } && _state.StepOfEpoch < StepsPerEpoch)
            {
                if (_options.CheckpointPath is { } checkpoint)
                    SaveCheckpoint(checkpoint);
                progress?.Report(Progress(_state.Epoch, _state.StepOfEpoch, false, double.NaN, double.NaN, started) with { Outcome = TrainingOutcome.StoppedEarly });
                break;
            }

            EndEpoch(writer, progress, started);
        }

        if (!RestoreBest())
            RestoreAverage();
        var outcome = FinishedOutcome;
        if (!_warnedOfRun)
            WarnAboutRun(outcome, writer);
        writer?.WriteEnd(_state.Stopped ? "stopped_early" : "completed");
        return Result(outcome);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_uses.Dispose())
            Free();
    }

    private void Free()
    {
        foreach (var slot in _slots)
            slot.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
        _best?.Dispose();
        _average?.Dispose();
        _held?.Dispose();
        _passes?.Dispose();
        foreach (var kernels in _kernels)
            kernels.Dispose();
    }

    private static (int BatchSize, int StepsPerEpoch, int Epochs) PlanSteps(ITrainingData<T> data, TrainingOptions options)
    {
        if (data.Rows is not { } rows)
        {
            return options.StepsPerEpoch is { } given
                ? (options.BatchSize ?? 1024, given, options.Epochs ?? 100)
                : throw new ArgumentException("Expected the number of steps of an epoch, which an endless data source needs, got none.", nameof(options));
        }

        if (rows < 1)
            throw new ArgumentException($"Expected at least one row, got {rows}.", nameof(data));
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

    private TrainingProgress Progress(int epoch, int stepOfEpoch, bool epochEnded, double loss, double norm, long started) => new(
        epoch,
        Epochs,
        stepOfEpoch,
        StepsPerEpoch,
        _state.Step,
        epochEnded,
        loss,
        _state.ValidationLoss,
        _state.BestLoss,
        _state.LearningRate,
        norm,
        _state.RowSum / _state.Seconds,
        Stopwatch.GetElapsedTime(started))
    {
        OutsideRows = _state.OutsideSum,
    };

    private TrainingResult Result(TrainingOutcome outcome) => new(
        outcome,
        _state.Epoch,
        _state.Step,
        _state.BestEpoch < 0 ? null : _state.BestEpoch,
        _state.BestLoss,
        History,
        [.. History.Warnings]);

    private void ThrowIfFinished()
    {
        if (IsFinished)
            throw new InvalidOperationException("The run is finished: all epochs are done, or it was stopped early.");
    }

    // A public call at work: if the trainer is disposed meanwhile, its end frees what the trainer holds.
    private readonly ref struct Use
    {
        private readonly Trainer<T> _trainer;

        public Use(Trainer<T> trainer)
        {
            _trainer = trainer;
            trainer._uses.Enter();
        }

        public void Dispose()
        {
            if (_trainer._uses.Leave())
                _trainer.Free();
        }
    }
}
