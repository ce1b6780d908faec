using System.Globalization;
using System.Text;
using System.Text.Json;
using CommandLine;
using FactorizableFlow.Configuration;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Training;

namespace FactorizableFlow.Training;

/// <summary>Trains one model and saves it: what base flows and residuals have in common.</summary>
/// <remarks>
/// The state of a run and its history are kept beside the model, in files of their own, until the model is written, so that Ctrl-C, a
/// crash or a full disk cost one epoch at most. Nothing is deleted before its successor is whole: a run begins with the moment in
/// which its first checkpoint, of epoch 0, takes the name of an older one; the model and the history that are there stay until the
/// new model has the name, and only then the history follows and the checkpoint goes. So at every moment either the old model is
/// complete with its history, or a checkpoint says that a run of this model is to be resumed, and which. A second run of the same
/// model, in whatever process, would write the same files, so it is refused before it touches them.
/// </remarks>
internal sealed class ModelTraining(CommandContext context, TrainingRequest request, StudyConfig config)
{
    /// <summary>The seed of the run.</summary>
    public ulong Seed => request.Seed ?? config.Seed ?? CommonOptions.DefaultSeed;

    /// <summary>The threads of the run; 0 for all cores.</summary>
    public int Threads => request.Threads ?? config.Threads;

    /// <summary>Opens the device of the run.</summary>
    public CommandDevice OpenDevice() => CommandDevice.Open(context, request.Device, config.Device, Threads);

    /// <summary>Whether there is anything to do for a model, or an error if it is there and may not be replaced, or cannot be written.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="key">The config's key of it: "paths.kin_model".</param>
    /// <exception cref="IOException">The file may not be replaced, another run has it, or it cannot be written.</exception>
    public bool ShouldTrain(string path, string key)
    {
        OutputFile.Check(path, key, mayReplace: true, config.File);
        using var hold = ModelLock.Take(path);
        return IsToTrain(path);
    }

    /// <summary>Trains a model on fresh events and writes it, alone of all runs.</summary>
    /// <param name="sector">Which density it is.</param>
    /// <param name="title">What to call it: "kin base flow".</param>
    /// <param name="verb">The verb, for the advice on how to resume.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">Where the training's events come from.</param>
    /// <param name="validation">Where the validation's events come from.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="basePath">The file of a residual's base, or null.</param>
    public void Run(
        Sector sector, string title, string verb, DensityModel<float> model, ToyTrainingData<float> data, ToyTrainingData<float> validation,
        TrainingSettings settings, string path, string? basePath = null)
    {
        var folder = Path.GetDirectoryName(path)!;
        using var hold = ModelLock.Take(path);

        // Another run may have completed the model between the first look and the lock.
        if (!IsToTrain(path))
            return;

        var checkpoint = RunFiles.Checkpoint(path);
        var epochs = request.Epochs ?? settings.Epochs;
        var steps = request.StepsPerEpoch ?? settings.StepsPerEpoch;
        var (options, trainer) = config.Build($"training.{sector.Name}", () =>
        {
            var chosen = CreateOptions(settings, epochs, steps, path, checkpoint, Fingerprint(model));
            return (chosen, new Trainer<float>(model, data, chosen, validation));
        });
        using var owned = trainer;
        if (!request.Resume || !File.Exists(checkpoint))
        {
            // From here on --resume means this run.
            trainer.SaveCheckpoint(checkpoint);
        }

        if (trainer.CompletedEpochs > 0)
            context.Reporter.Line($"{title}: resumed after epoch {trainer.CompletedEpochs} of {epochs}.");

        using var polling = context.Polling();
        var result = context.Reporter.Track(
            $"train {title}", (long)epochs * steps, progress => trainer.Run(new TrainingReport(progress, value => value.Step), context.Cancellation));
        if (result.Outcome == TrainingOutcome.Cancelled)
        {
            var stopped = new OperationCanceledException();
            stopped.Data["Message"] =
                $"Stopped in epoch {result.Epochs + 1} of {epochs}; {checkpoint} holds the state, and {verb} with the same flags and --resume goes on from there.";
            throw stopped;
        }

        model.Save(path, Summary(settings, result, steps, basePath is null ? null : Path.GetRelativePath(folder, basePath).Replace('\\', '/')));
        File.Move(options.HistoryPath!, RunFiles.History(path), overwrite: true);
        File.Delete(checkpoint);
        context.Reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {path}: {model.Parameters.Count:N0} parameters, validation loss {result.BestValidationLoss:F5} in epoch {result.BestEpoch + 1}, seed {Seed}."));
    }

    private bool IsToTrain(string path)
    {
        var isInterrupted = File.Exists(RunFiles.Checkpoint(path));
        if (request.Force)
            return true;

        if (request.Resume)
        {
            if (!File.Exists(path) || isInterrupted)
                return true;

            context.Reporter.Line($"{path} is complete; nothing to resume.");
            return false;
        }

        if (File.Exists(path))
            throw new IOException($"{path} is already there; --force replaces it, --resume goes on with an interrupted run.");
        return !isInterrupted
            ? true
            : throw new IOException($"{RunFiles.Checkpoint(path)} holds the state of an interrupted run; --resume goes on with it, --force starts anew.");
    }

    // A residual's checkpoint belongs to its base.
    private static string Fingerprint(DensityModel<float> model) =>
        model is FactorizableFlow<float> factorizable ? ModelFile.BaseHash(factorizable.Base) : "";

    private TrainingOptions CreateOptions(TrainingSettings settings, int epochs, int steps, string path, string checkpoint, string fingerprint) => new()
    {
        BatchSize = settings.BatchSize,
        Epochs = epochs,
        StepsPerEpoch = steps,
        ValidationSteps = (int)(((long)settings.ValidationEvents + settings.BatchSize - 1) / settings.BatchSize),
        Optimiser = settings.Optimizer switch
        {
            "adam" => OptimiserSettings.Adam(settings.LearningRate, weightDecay: settings.WeightDecay),
            "radam" => OptimiserSettings.RAdam(settings.LearningRate, weightDecay: settings.WeightDecay),
            "sgd" => OptimiserSettings.Sgd(settings.LearningRate, 0.9, settings.WeightDecay),
            _ => OptimiserSettings.AdamW(settings.LearningRate, weightDecay: settings.WeightDecay),
        },
        Schedule = settings.Schedule switch
        {
            "constant" => new ConstantSchedule(),
            "step" => new StepSchedule(Math.Max(1, epochs / 3)),
            "exponential" => new ExponentialSchedule(Math.Pow(0.01, 1.0 / epochs)),
            "plateau" => new PlateauSchedule(),
            _ => new WarmupCosineSchedule(settings.WarmupSteps),
        },
        GradientClip = settings.GradientClip > 0 ? settings.GradientClip : null,
        EarlyStopping = settings.EarlyStopping > 0 ? new EarlyStopping(settings.EarlyStopping) : null,
        RestoreBest = settings.KeepBest,
        ValidationResolution = 2.0 / settings.ValidationEvents,
        Seed = Seed,
        CheckpointPath = checkpoint,
        Resume = request.Resume,
        HistoryPath = RunFiles.RunningHistory(path),
        StepInterval = Math.Max(1, steps / 20),
        Fingerprint = fingerprint,
        Warn = warning => context.Reporter.Warning(warning.Text),
    };

    // What a later reader wants to know; nothing that differs between two runs of the same seed, so that equal runs give equal files.
    private string Summary(TrainingSettings settings, TrainingResult result, int steps, string? basePath)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", Seed);
            json.WriteNumber("epochs", result.Epochs);
            json.WriteNumber("steps_per_epoch", steps);
            json.WriteNumber("batch_size", settings.BatchSize);
            json.WriteString("optimizer", settings.Optimizer);
            json.WriteString("schedule", settings.Schedule);
            json.WriteNumber("learning_rate", settings.LearningRate);
            json.WriteNumber("best_epoch", (result.BestEpoch ?? (result.Epochs - 1)) + 1);
            if (double.IsFinite(result.BestValidationLoss))
                json.WriteNumber("validation_loss", Math.Round(result.BestValidationLoss, 6));

            json.WriteNumber("train_loss", Math.Round(result.TrainLoss, 6));
            if (basePath is not null)
                json.WriteString("base", basePath);

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
