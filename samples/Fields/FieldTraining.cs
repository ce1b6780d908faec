using System.Globalization;
using System.Text.Json;
using CommandLine;
using FlowCore.Compute;
using FlowCore.Files;
using FlowCore.Training;

namespace LognormalFields;

/// <summary>Trains the flow of a config and saves it; its state is kept beside the model until that is whole, so that --resume can go on with it.</summary>
internal static class FieldTraining
{
    private const int ValidationFields = 2048;

    public static void Run(CommandContext context, FieldConfig config, Device device, bool resume, bool force)
    {
        var path = config.ModelPath;
        OutputFile.Check(path, "model", mayReplace: true, config.File);
        using var hold = ModelLock.Take(path);
        var checkpoint = RunFiles.Checkpoint(path);
        if (!IsToTrain(context, path, checkpoint, resume, force))
            return;
        var toy = new LognormalToy(config.Toy.Side, config.Toy.Sigma);
        using var exact = toy.Exact<float>(device);
        using var model = FieldFlow.Create(config, exact, device);
        var settings = config.Training;
        var options = new TrainingOptions
        {
            BatchSize = settings.BatchSize,
            Epochs = settings.Epochs,
            StepsPerEpoch = settings.StepsPerEpoch,
            ValidationSteps = Math.Max(1, ValidationFields / settings.BatchSize),
            Optimiser = OptimiserSettings.Adam(settings.LearningRate),
            Schedule = new WarmupCosineSchedule(Math.Min(100, settings.StepsPerEpoch)),
            GradientClip = 100,
            EarlyStopping = null,
            Seed = settings.Seed,
            CheckpointPath = checkpoint,
            Resume = resume,
            HistoryPath = RunFiles.RunningHistory(path),
            Warn = warning => context.Reporter.Warning(warning.Text),
        };
        using var trainer = new Trainer<float>(model, new ToyData(exact), options, new ToyData(exact));
        if (!resume || !File.Exists(checkpoint))
            trainer.SaveCheckpoint(checkpoint);
        if (trainer.CompletedEpochs > 0)
            context.Reporter.Line($"Resumed after epoch {trainer.CompletedEpochs} of {settings.Epochs}.");
        using var polling = context.Polling();
        var result = context.Reporter.Track(
            "train", (long)settings.Epochs * settings.StepsPerEpoch, progress => trainer.Run(new TrainingReport(progress, value => value.Step), context.Cancellation));
        if (result.Outcome == TrainingOutcome.Cancelled)
        {
            var stopped = new OperationCanceledException();
            stopped.Data["Message"] = $"Stopped in epoch {result.Epochs + 1} of {settings.Epochs}; {checkpoint} holds the state, and train with --resume goes on from there.";
            throw stopped;
        }

        FieldFlow.FitSpectrum(model, exact, settings.Seed);
        model.Save(path, JsonSerializer.Serialize(new { seed = settings.Seed, epochs = result.Epochs, steps_per_epoch = settings.StepsPerEpoch, batch_size = settings.BatchSize }));
        File.Move(options.HistoryPath!, RunFiles.History(path), overwrite: true);
        File.Delete(checkpoint);
        context.Reporter.Line(string.Create(
            CultureInfo.InvariantCulture, $"Wrote {path}: {model.Parameters.Count:N0} parameters, validation loss {result.BestValidationLoss / toy.Pixels:F4} nats a pixel."));
    }

    private static bool IsToTrain(CommandContext context, string path, string checkpoint, bool resume, bool force)
    {
        if (resume && force)
            throw new UsageException("--resume and --force exclude each other: one keeps what is there, the other replaces it.");
        if (force)
            return true;
        if (resume)
        {
            if (!File.Exists(path) || File.Exists(checkpoint))
                return true;
            context.Reporter.Line($"{path} is complete; nothing to resume.");
            return false;
        }

        if (File.Exists(path))
            throw new IOException($"{path} is already there; --force replaces it, --resume goes on with an interrupted run.");
        return !File.Exists(checkpoint)
            ? true
            : throw new IOException($"{checkpoint} holds the state of an interrupted run; --resume goes on with it, --force starts anew.");
    }
}
