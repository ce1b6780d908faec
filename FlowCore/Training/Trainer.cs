using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
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
    // Validation rows of a finite source that are evaluated between two looks at the sums.
    private const int EvaluationRows = 1 << 16;

    // Where even a block of this many rows does not fit, the device is too small for the model.
    private const int SmallestBlock = 256;

    // What tells a checkpoint's model and data from others with parameters of the same names and shapes: a spline's
    // bound, a standardisation, a frozen base, other rows. Another machine may round the loss of these rows otherwise.
    private const int ProbeRows = 32;
    private const double ProbeTolerance = 1e-4;

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
        _blockRows = objective is IBatchObjective<T> ? RoundUpToQuantum(Math.Max(BatchSize, _evaluationRows)) : Math.Min(_device.BlockRows, RoundUpToQuantum(Math.Max(BatchSize, Math.Min(_evaluationRows, TrainingPasses<T>.LargestEvaluationBlock))));

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

        RestoreBest();
        var outcome = FinishedOutcome;
        if (!_warnedOfRun)
            WarnAboutRun(outcome, writer);
        writer?.WriteEnd(_state.Stopped ? "stopped_early" : "completed");
        return Result(outcome);
    }

    /// <summary>Writes the state of the run to a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="IOException">The file could not be written; what was there before is unchanged.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var use = new Use(this);
        var withBest = _best is not null && _state.BestEpoch >= 0;
        _buffers = _buffers is { } old && old.Best is not null == withBest ? old : new CheckpointBuffers<T>(_model.Parameters.Length, withBest);
        var kernels = _kernels[0];
        kernels.Read(_model.Parameters.Memory, 0, _buffers.Weights);
        kernels.Read(_firstMoment, 0, _buffers.FirstMoment);
        kernels.Read(_secondMoment, 0, _buffers.SecondMoment);
        if (withBest)
            kernels.Read(_best!, 0, _buffers.Best);
        _buffers.Followed = _layers?.Read() ?? [];
        _buffers.BestFollowed = withBest ? _bestFollowed : [];
        _state.Probe = Probe();
        TrainerCheckpoint.Write(path, _model.Parameters, _layers?.Followed ?? [], _buffers, _state, History, _configuration);
        _checkpointWritten |= path == _options.CheckpointPath;
    }

    /// <summary>Takes weights, moments and everything else from a checkpoint of this run; the run goes on from there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read, is damaged, or belongs to another model or run; nothing was changed.</exception>
    public void LoadCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var use = new Use(this);
        ThrowIfAtWork();
        var (state, history, buffers) = TrainerCheckpoint.Read(
            path, _model.Parameters, _layers?.Followed ?? [], _configuration, !_options.Schedule.DependsOnLength, StepsPerEpoch, _options.Schedule.StateLength);
        var kernels = _kernels[0];
        kernels.Read(_model.Parameters.Memory, 0, _host);
        var followed = _layers?.Read() ?? [];
        kernels.Write(buffers.Weights, _model.Parameters.Memory, 0);
        _layers?.Write(buffers.Followed);
        var probe = Probe();
        if (Math.Abs(probe - state.Probe) > ProbeTolerance * (1 + Math.Abs(state.Probe)))
        {
            kernels.Write(_host, _model.Parameters.Memory, 0);
            _layers?.Write(followed);
            throw new ModelFormatException(
                path,
                null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The checkpoint belongs to another run: with its weights the first rows have a mean loss of {state.Probe:g6} there and {probe:g6} here, so the model's constants or the data are others."));
        }

        if (_layers is { AwaitStart: true } && state.Step > 0)
        {
            // What they start with is in the checkpoint; that they have started is what is missing.
            StartLayers();
            kernels.Write(buffers.Weights, _model.Parameters.Memory, 0);
            _layers.Write(buffers.Followed);
        }

        kernels.Write(buffers.FirstMoment, _firstMoment, 0);
        kernels.Write(buffers.SecondMoment, _secondMoment, 0);
        if (_best is not null && buffers.Best is { } best)
            kernels.Write(best, _best, 0);
        _bestFollowed = buffers.BestFollowed;
        _state = state;
        _checkpointWritten |= path == _options.CheckpointPath;
        History.CopyFrom(history);
    }

    /// <summary>The weighted mean loss on the validation data with the weights as they are.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="InvalidOperationException">There is no validation data, or its weights do not sum to more than 0.</exception>
    /// <exception cref="TrainingDivergedException">The loss is NaN or infinite.</exception>
    public double Validate()
    {
        using var use = new Use(this);
        if (_validation is null)
            throw new InvalidOperationException("The trainer was given no validation data.");
        BeginWork();
        try
        {
            return ComputeValidation(_validation);
        }
        finally
        {
            EndWork();
        }
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

    private double MakeStep(out double norm)
    {
        _uses.ThrowIfDisposed();
        BeginWork();
        try
        {
            if (_state.Step == 0 && _layers is { AwaitStart: true })
                StartLayers();
            return ComputeStep(out norm);
        }
        finally
        {
            EndWork();
        }
    }

    private double ComputeStep(out double norm)
    {
        var started = Stopwatch.GetTimestamp();
        var request = RequestOf(_state.Epoch, _state.StepOfEpoch);
        var rows = request.RowCount;
        _scheduled?.BeginBatch(BatchPurpose.Training, _state.Step, AllSteps);
        var passes = Passes();

        var (sums, read) = RunGradients(passes, request);
        if (!double.IsFinite(sums.Loss) && LeavesOut(passes.Gradients, request))
            (sums, read) = RunGradients(passes, request);
        var outside = _leavesOut ? passes.Gradients.Outside : 0;
        var loss = sums.Loss / sums.Weight;
        if (outside > 0 && sums.Weight == 0)
            throw Diverged(AllOutside, request, default);
        if (sums.Weight < 0)
            throw new InvalidOperationException($"Expected weights of a batch with a sum of at least 0, got {sums.Weight} in epoch {_state.Epoch}, step {_state.StepOfEpoch}.");
        if (sums.Weight != 0 && !double.IsFinite(loss))
            throw Diverged("the loss is not finite", request, passes.Gradients.Losses(_device, request));

        var point = new SchedulePoint(_state.Step, StepsPerEpoch, AllSteps);
        var rate = _options.Optimiser.LearningRate * _options.Schedule.Factor(point, _state.Schedule);
        norm = 0;
        if (sums.Weight > 0)
        {
            norm = Math.Sqrt(passes.Reduction.Total(read.Span)) / sums.Weight;
            if (!double.IsFinite(norm))
                throw Diverged("the gradient is not finite though the loss is", request, default);

            _update.Run(_device, _options.Optimiser.StepOf(++_state.Updates, rate, GradientReduction<T>.ScaleOf(sums.Weight, norm, _options.GradientClip)));
        }

        if (sums.Weight > 0)
            _state.LossSum += sums.Loss;
        _state.WeightSum += sums.Weight;
        _state.NormSum += norm;
        _state.RowSum += rows;
        _state.OutsideSum += outside;
        _state.LearningRate = rate;
        _state.Step++;
        _state.StepOfEpoch++;
        if (_layers is { Followed.Count: > 0 })
            FollowBatch(request);
        _state.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        return loss;
    }

    private double ComputeValidation(ITrainingData<T> validation)
    {
        var batches = validation.Rows is { } all ? (all + _evaluationRows - 1) / _evaluationRows : _options.ValidationSteps;
        double loss = 0;
        double weight = 0;
        long outside = 0;
        _scheduled?.BeginBatch(BatchPurpose.Validation, _state.Step, AllSteps);
        for (var batch = 0; batch < batches; batch++)
        {
            var rows = validation.Rows is { } count ? (int)Math.Min(_evaluationRows, count - ((long)batch * _evaluationRows)) : _evaluationRows;
            var request = new BatchRequest(BatchPurpose.Validation, 0, batch, _evaluationRows, 0, rows, _validationStream);
            var passes = Passes();
            var sums = RunEvaluation(passes, request);
            if (!double.IsFinite(sums.Loss) && LeavesOut(passes.Evaluation!, request))
                sums = RunEvaluation(passes, request);
            if (!double.IsFinite(sums.Loss))
                throw Diverged("the validation loss is not finite", request, passes.Evaluation!.Losses(_device, request));
            outside += _leavesOut ? passes.Evaluation!.Outside : 0;
            loss += sums.Loss;
            weight += sums.Weight;
        }

        if (outside > 0 && weight == 0)
            throw Diverged(AllOutside, new BatchRequest(BatchPurpose.Validation, 0, 0, _evaluationRows, 0, 0, _validationStream), default);
        _state.ValidationOutside = outside;
        return weight > 0
            ? loss / weight
            : throw new InvalidOperationException($"The weights of the validation data must sum to more than 0; they sum to {weight}.");
    }

    private void EndEpoch(HistoryWriter? writer, IProgress<TrainingProgress>? progress, long started)
    {
        CheckWeights();
        var trainLoss = _state.LossSum / _state.WeightSum;
        var validates = _validation is not null && _state.Epoch % _options.ValidationInterval == 0 && _scheduled?.IsComparable(_state.Step, AllSteps) != false;
        if (validates)
        {
            if (_layers is { Followed.Count: > 0 })
                FollowEpoch();
            _state.ValidationLoss = Validate();
            // Comparisons with NaN are false, so the first validation is the best so far.
            var lowest = _state.BestLoss;
            var lower = !(_state.ValidationLoss >= _state.BestLoss);
            if (lower || _state.ValidationLoss - _state.BestLoss < _options.ValidationResolution)
            {
                if (lower)
                    _state.BestLoss = _state.ValidationLoss;
                _state.BestEpoch = _state.Epoch;
                if (_best is not null)
                {
                    Copy(_model.Parameters.Memory, _best);
                    _bestFollowed = _layers?.Read() ?? [];
                }
            }

            if (_options.EarlyStopping is { } rule)
            {
                var improved = rule.Rule == EarlyStoppingRule.FromLowest
                    ? !(_state.ValidationLoss > lowest - rule.MinimumImprovement)
                    : _state.ValidationLoss < _state.StoppingLoss - rule.MinimumImprovement;
                if (improved)
                {
                    _state.StoppingLoss = _state.ValidationLoss;
                    _state.BadEpochs = 0;
                }
                else if (++_state.BadEpochs >= rule.Patience)
                {
                    _state.Stopped = true;
                }
            }
        }

        if (validates || _validation is null)
            _options.Schedule.EpochEnded(validates ? _state.ValidationLoss : trainLoss, _state.Schedule);
        var norm = _state.NormSum / StepsPerEpoch;
        var record = new EpochRecord(
            _state.Epoch, _state.Step, trainLoss, validates ? _state.ValidationLoss : double.NaN, _state.LearningRate, norm, _state.Seconds, _state.RowSum / _state.Seconds)
        {
            OutsideRows = _state.OutsideSum,
            ValidationOutsideRows = validates ? _state.ValidationOutside : 0,
        };
        var report = Progress(_state.Epoch, _state.StepOfEpoch, true, trainLoss, norm, started);
        if (_options.StopWhen is { } stop && _options.StopInterval == 0 && stop(report))
            _state.Stopped = true;
        History.Add(record);
        _state.Epoch++;
        _state.StepOfEpoch = 0;
        _state.LossSum = 0;
        _state.WeightSum = 0;
        _state.NormSum = 0;
        _state.RowSum = 0;
        _state.OutsideSum = 0;
        _state.Seconds = 0;
        if (_options.CheckpointPath is { } path && (_state.Epoch % _options.CheckpointInterval == 0 || IsFinished))
            SaveCheckpoint(path);
        writer?.Write(record);
        progress?.Report(IsFinished ? report with { Outcome = FinishedOutcome } : report);
    }

    // The training rows as they lie, or a generator's validation rows: no order of an epoch is made for it.
    private double Probe()
    {
        var rows = Math.Min(ProbeRows, BatchSize);
        var request = new BatchRequest(BatchPurpose.Validation, 0, 0, BatchSize, 0, rows, _validationStream);
        double sum = 0;
        _scheduled?.BeginBatch(BatchPurpose.Validation, _state.Step, AllSteps);
        BeginWork();
        try
        {
            foreach (var loss in Passes().Gradients.Losses(_device, request))
                sum += T.IsFinite(loss) ? double.CreateTruncating(loss) : 0;
        }
        finally
        {
            EndWork();
        }

        return sum / rows;
    }

    // The tapes of the workers are in use while a batch is computed: what the user is called for meanwhile may use any model,
    // but not this trainer.
    private void BeginWork()
    {
        ThrowIfAtWork();
        _atWork = true;
    }

    private void ThrowIfAtWork()
    {
        if (_atWork)
            throw new InvalidOperationException("The trainer is at a batch: its objective, data and schedule cannot use the trainer itself.");
    }

    private void EndWork() => _atWork = false;

    // Tapes and passes, made when they are first needed. The gradients of the first block are computed for each worker, so
    // that it has all its memory before the first step; a device that has not enough is asked for smaller blocks.
    private TrainingPasses<T> Passes()
    {
        if (_passes is not null)
            return _passes;
        while (true)
        {
            var passes = new TrainingPasses<T>(_model, _kernels, _blockRows, BatchSize, _evaluationRows, _data, _validation, _objective, _slots, _chunks);
            try
            {
                passes.Gradients.WarmUp(new BatchRequest(BatchPurpose.Training, 0, 0, BatchSize, 0, BatchSize, _trainingStream));
                return _passes = passes;
            }
            catch (DeviceMemoryException) when (_blockRows > SmallestBlock && _objective is not IBatchObjective<T>)
            {
                passes.Dispose();
                _blockRows = RoundUpToQuantum(_blockRows / 2);
            }
        }
    }

    private static int RoundUpToQuantum(int rows) => (rows + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum;

    // A rate that is too large can leave the last update of an epoch with infinite weights which no loss has seen yet:
    // they must not reach the checkpoint.
    private void CheckWeights()
    {
        _kernels[0].Read(_model.Parameters.Memory, 0, _host);
        foreach (var parameter in _model.Parameters.Parameters)
        {
            foreach (var number in _host.AsSpan(parameter.Offset, parameter.Length))
            {
                if (!T.IsFinite(number))
                    throw Diverged($"the parameter '{parameter.Name}' is not finite after the update", RequestOf(_state.Epoch, _state.StepOfEpoch - 1), default);
            }
        }
    }

    private void Copy(DeviceMemory<T> source, DeviceMemory<T> destination)
    {
        var length = _model.Parameters.Length;
        _kernels[0].Copy(new Matrix<T>(source, 0, length, 1, length), new Matrix<T>(destination, 0, length, 1, length), accumulate: false);
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

    // Everything that the bits of the run depend on, and that a checkpoint must therefore agree with.
    private KeyValuePair<string, string>[] Describe(IObjective<T>? objective)
    {
        var optimiser = _options.Optimiser;
        var culture = CultureInfo.InvariantCulture;
        KeyValuePair<string, string>[] all =
        [
            new("number_type", typeof(T).Name),
            new("features", _model.Features.ToString(culture)),
            new("context_features", _model.ContextFeatures.ToString(culture)),
            new("nuisances", _model.Nuisances.ToString(culture)),
            new("objective", objective?.GetType().Name ?? "negative log-density"),
            new("rows", _data.Rows?.ToString(culture) ?? "endless"),
            new("validation_rows", _validation is null ? "none" : _validation.Rows?.ToString(culture) ?? string.Create(culture, $"{_options.ValidationSteps} batches")),
            new("batch_size", BatchSize.ToString(culture)),
            new("steps_per_epoch", StepsPerEpoch.ToString(culture)),
            new("epochs", Epochs.ToString(culture)),
            new("optimiser", string.Create(culture, $"{optimiser.Rule}(rate {optimiser.LearningRate}, momentum {optimiser.Momentum}, second momentum {optimiser.SecondMomentum}, epsilon {optimiser.Epsilon}, weight decay {optimiser.WeightDecay})")),
            new("schedule", _options.Schedule.Description),
            new("gradient_clip", _options.GradientClip?.ToString(culture) ?? "none"),
            new("early_stopping", _options.EarlyStopping is { } rule ? string.Create(culture, $"patience {rule.Patience}, minimum improvement {rule.MinimumImprovement}{(rule.Rule == EarlyStoppingRule.FromLowest ? ", from the lowest" : "")}") : "none"),
            new("restore_best", _options.RestoreBest ? "yes" : "no"),
            new("validation_resolution", _options.ValidationResolution.ToString("R", CultureInfo.InvariantCulture)),
            new("seed", _options.Seed.ToString(culture)),
            new("fingerprint", _options.Fingerprint),
        ];

        // Files of runs without such layers, and of those that validate every epoch, do not say it.
        if (_layers is { Followed.Count: > 0 })
            all = [.. all, new("normalization_momentum", _options.NormalizationMomentum.ToString("R", culture))];
        return _options.ValidationInterval > 1 ? [.. all, new("validation_interval", _options.ValidationInterval.ToString(culture))] : all;
    }

    private TrainingDivergedException Diverged(string what, in BatchRequest request, ReadOnlySpan<T> losses)
    {
        var rows = new List<int>();
        var numbers = new List<long>();
        var source = request.Purpose == BatchPurpose.Training ? _data : _validation!;
        for (var i = 0; i < losses.Length; i++)
        {
            if (T.IsFinite(losses[i]) || (_leavesOut && T.IsPositiveInfinity(losses[i])))
                continue;
            rows.Add(i);
            if (source.NumberOf(request, i) is { } number)
                numbers.Add(number);
        }

        return new TrainingDivergedException(
            what, request.Purpose, _state.Epoch, request.Step, rows, numbers, losses.Length, _checkpointWritten ? _options.CheckpointPath : null);
    }

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
