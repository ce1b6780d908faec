using System.Globalization;
using System.Numerics;
using FlowCore.IO;

namespace FlowCore.Training;

/// <content>The state of a run in a file: what is written, and what has to agree before a run goes on from it.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What tells a checkpoint's model and data from others with parameters of the same names and shapes: a spline's
    // bound, a standardisation, a frozen base, other rows. Another machine may round the loss of these rows otherwise.
    private const int ProbeRows = 32;
    private const double ProbeTolerance = 1e-4;

    /// <summary>Writes the state of the run to a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="IOException">The file could not be written; what was there before is unchanged.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var use = new Use(this);
        var withBest = _best is not null && _state.BestEpoch >= 0;
        var withAverage = _average is not null && _state.Updates > 0;
        _buffers = _buffers is { } old && old.Best is not null == withBest && old.Average is not null == withAverage
            ? old
            : new CheckpointBuffers<T>(_model.Parameters.Length, withBest, withAverage);
        var kernels = _kernels[0];
        kernels.Read(_model.Parameters.Memory, 0, _buffers.Weights);
        kernels.Read(_firstMoment, 0, _buffers.FirstMoment);
        kernels.Read(_secondMoment, 0, _buffers.SecondMoment);
        if (withBest)
            kernels.Read(_best!, 0, _buffers.Best);
        if (withAverage)
            kernels.Read(_average!, 0, _buffers.Average);
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
        if (_average is not null && state.Updates > 0 && buffers.Average is null)
            throw new ModelFormatException(path, null, "Expected the average of the weights in the checkpoint of a run that has one, got none.");
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
        if (_average is not null && buffers.Average is { } average)
            kernels.Write(average, _average, 0);
        _bestFollowed = buffers.BestFollowed;
        _state = state;
        _checkpointWritten |= path == _options.CheckpointPath;
        History.CopyFrom(history);
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
        if (_average is not null)
            all = [.. all, new("weight_averaging", _options.WeightAveraging!.Value.ToString("R", culture))];
        return _options.ValidationInterval > 1 ? [.. all, new("validation_interval", _options.ValidationInterval.ToString(culture))] : all;
    }
}
