using FlowCore.Compute;
using FlowCore.IO;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class CheckpointTests
{
    private static IEnumerable<LearningRateSchedule> Schedules() => [new WarmupCosineSchedule(), new PlateauSchedule(patience: 0, threshold: 0.5)];

    [Test]
    public void A_run_resumed_after_an_epoch_ends_in_the_bits_of_one_never_interrupted(
        [ValueSource(nameof(Schedules))] LearningRateSchedule schedule, [Values(1, 2)] int threads)
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt")) with { Schedule = schedule };
        var expected = Train(1, options with { CheckpointPath = null }, out var whole);
        Train(1, options, out var cancelled, stopAt: 24);
        var resumed = Train(threads, options with { Resume = true }, out var result);
        Assert.Multiple(() =>
        {
            Assert.That(cancelled.Outcome, Is.EqualTo(TrainingOutcome.Cancelled));
            Assert.That(cancelled.Epochs, Is.EqualTo(3));
            Assert.That(resumed, Is.EqualTo(expected));
            AssertSameHistory(result.History, whole.History);
            Assert.That(result.BestEpoch, Is.EqualTo(whole.BestEpoch));
            Assert.That(result.BestValidationLoss, Is.EqualTo(whole.BestValidationLoss));
        });
    }

    [Test]
    public void A_run_resumed_within_an_epoch_does_too([Values(1, 2)] int threads, [Values(1, 11, 31, 47)] int stopAt)
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        var expected = Train(2, options with { CheckpointPath = null }, out var whole);
        Train(2, options, out _, stopAt);
        var resumed = Train(threads, options with { Resume = true }, out var result);
        Assert.That(resumed, Is.EqualTo(expected));
        AssertSameHistory(result.History, whole.History);
    }

    [Test]
    public void A_killed_run_goes_on_from_its_last_checkpoint()
    {
        // What a kill leaves: the checkpoint of an epoch's end, and a history with steps of the next one and a torn line.
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt")) with { HistoryPath = folder.File("run.jsonl") };
        var copies = (Checkpoint: folder.File("killed.ckpt"), History: folder.File("killed.jsonl"));
        var expected = Train(1, options, out var whole, progress: p =>
        {
            if (p.Step == 20 && !p.EpochEnded)
            {
                File.Copy(options.CheckpointPath!, copies.Checkpoint);
                File.Copy(options.HistoryPath, copies.History);
                File.AppendAllText(copies.History, "{\"type\":\"st");
            }
        });
        var resumed = Train(1, options with { CheckpointPath = copies.Checkpoint, HistoryPath = copies.History, Resume = true }, out _);
        Assert.That(resumed, Is.EqualTo(expected));
        AssertSameHistory(TrainingHistory.Read(copies.History), TrainingHistory.Read(options.HistoryPath));
        AssertSameHistory(TrainingHistory.Read(copies.History), whole.History);
    }

    [Test]
    public void A_finished_run_stays_finished()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        var expected = Train(1, options, out var first);
        var again = Train(1, options with { Resume = true }, out var second, stopAt: 1);
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(expected));
            Assert.That(second.Outcome, Is.EqualTo(first.Outcome));
            Assert.That(second.Steps, Is.EqualTo(first.Steps));
        });
    }

    [Test]
    public void A_run_of_a_schedule_without_an_end_may_be_prolonged()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt")) with { Schedule = new ExponentialSchedule(0.9) };
        var expected = Train(1, options with { CheckpointPath = null }, out _);
        Train(1, options with { Epochs = 2 }, out _);
        var prolonged = Train(1, options with { Resume = true }, out var result);
        Assert.That(result.Epochs, Is.EqualTo(6));
        Assert.That(prolonged, Is.EqualTo(expected));
    }

    [Test]
    public void A_checkpoint_of_another_run_is_refused_and_says_what_differs()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        Train(1, options, out _, stopAt: 9);
        var resume = options with { Resume = true };
        Assert.Multiple(() =>
        {
            Refused(resume with { BatchSize = 32 }, "batch_size is '50' there and '32' here");
            Refused(resume with { Seed = 78 }, "seed is '77' there and '78' here");
            Refused(resume with { Epochs = 7 }, "epochs is '6' there and '7' here");
            Refused(resume with { Schedule = new ConstantSchedule() }, "schedule is");
            Refused(resume with { Optimiser = OptimiserSettings.AdamW(0.03) }, "optimiser is");
            Refused(resume with { GradientClip = 3 }, "gradient_clip is");
            Refused(resume with { EarlyStopping = null }, "early_stopping is");
            Refused(resume with { Fingerprint = "other base" }, "fingerprint is '' there and 'other base' here");
            Assert.That(
                () =>
                {
                    using var model = new ShiftScaleModel(Device.Cpu, 3);
                    using var trainer = new Trainer<double>(model, new NormalRows<double>(3), resume with { StepsPerEpoch = 8 });
                },
                Throws.InstanceOf<ModelFormatException>().With.Message.Contains("features is '2' there and '3' here"));
        });

        static void Refused(TrainingOptions options, string message) =>
            Assert.That(() => Train(1, options, out _), Throws.InstanceOf<ModelFormatException>().With.Message.Contains(message));
    }

    [Test]
    public void A_checkpoint_of_another_model_is_refused_and_the_tensor_named()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        Train(1, options, out _, stopAt: 9);
        var whole = SafetensorsFile.Read(options.CheckpointPath!);
        Assert.Multiple(() =>
        {
            RefusedAfter(
                new TensorArchive(whole.Where(t => t.Name != "first_moment/log_scale"), whole.Metadata), "first_moment/log_scale");
            RefusedAfter(
                new TensorArchive([.. whole, TensorData.Create<double>("surplus", [1], [1])], whole.Metadata), "expected 13 tensors, got 14");
            RefusedAfter(
                new TensorArchive(
                    whole.Select(t => t.Name == "weights/location" ? TensorData.Create<double>(t.Name, [3], [1, 2, 3]) : t), whole.Metadata),
                "Expected Float64 [2], got Float64 [3]");
            RefusedAfter(
                new TensorArchive(
                    whole.Select(t => t.Name == "weights/location" ? TensorData.Create<double>(t.Name, [2], [1, 2]) : t), whole.Metadata),
                "damaged");
            RefusedAfter(new TensorArchive(whole), "Expected a checkpoint");
        });

        void RefusedAfter(TensorArchive archive, string message)
        {
            SafetensorsFile.Write(options.CheckpointPath!, archive);
            using var model = new ShiftScaleModel(Device.Cpu);
            model.Location.Values.Fill(0.125);
            using var trainer = new Trainer<double>(model, Rows(), options, Rows());
            Assert.That(() => trainer.LoadCheckpoint(options.CheckpointPath!), Throws.InstanceOf<ModelFormatException>().With.Message.Contains(message));
            Assert.That(model.Location.Values.ToArray(), Is.All.EqualTo(0.125), "nothing was changed");
        }
    }

    [Test]
    public void A_checkpoint_is_refused_where_the_rows_are_others()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        Train(1, options, out _, stopAt: 9);
        var others = new double[390 * 2];
        new RandomStream(10).FillNormal<double>(others);
        using var model = new ShiftScaleModel(Device.Cpu);
        model.Location.Values.Fill(0.125);
        Assert.That(
            () => new Trainer<double>(model, new ArrayData<double>(others, 2), options with { Resume = true }, Rows()),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains("the data are others"));
        Assert.That(model.Location.Values.ToArray(), Is.All.EqualTo(0.125), "nothing was changed");
    }

    [Test]
    public void A_truncated_or_flipped_checkpoint_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt"));
        Train(1, options, out _, stopAt: 9);
        var bytes = File.ReadAllBytes(options.CheckpointPath!);
        var random = new RandomStream(5);
        for (var i = 0; i < 60; i++)
        {
            var damaged = bytes.ToArray();
            // A flip in the padding of the header or in a key that is not read again may be harmless; what counts is
            // that no flipped number is taken for good.
            var at = bytes.Length - 1 - (int)random.BelowAt(200, (ulong)i);
            damaged[at] ^= (byte)(1 << (i % 8));
            AssertRefused(damaged);
            AssertRefused(bytes[..(int)random.BelowAt((ulong)bytes.Length, (ulong)(i + 1000))]);
        }

        void AssertRefused(byte[] content)
        {
            File.WriteAllBytes(options.CheckpointPath!, content);
            Assert.That(() => Train(1, options with { Resume = true }, out _), Throws.InstanceOf<IOException>());
        }
    }

    [Test]
    public void When_the_disk_refuses_the_old_checkpoint_stays_whole()
    {
        // The folder goes away in the middle of the run, as a full or read-only disk would refuse the next file.
        using var folder = new TemporaryFolder();
        var place = Directory.CreateDirectory(folder.File("place")).FullName;
        var moved = folder.File("moved");
        var options = Options(Path.Combine(place, "run.ckpt"));
        var expected = Train(1, options with { CheckpointPath = null }, out _);
        Assert.That(
            () => Train(1, options, out _, progress: p =>
            {
                if (p.EpochEnded && p.Epoch == 1)
                    Directory.Move(place, moved);
            }),
            Throws.InstanceOf<IOException>().With.Message.Contains("run.ckpt"));
        var files = Directory.GetFiles(moved);
        Assert.That(files, Has.Length.EqualTo(1), "no half file is left");
        var resumed = Train(1, options with { CheckpointPath = files[0], Resume = true }, out var result);
        Assert.That(resumed, Is.EqualTo(expected));
        Assert.That(result.Epochs, Is.EqualTo(6));
    }

    [Test]
    public void A_checkpoint_in_a_missing_folder_fails_with_the_folder_s_name()
    {
        using var folder = new TemporaryFolder();
        var options = Options(Path.Combine(folder.File("nowhere"), "run.ckpt"));
        Assert.That(() => Train(1, options, out _), Throws.InstanceOf<IOException>().With.Message.Contains("nowhere"));
    }

    [Test]
    public void Checkpoints_are_written_at_their_interval_and_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("run.ckpt")) with { CheckpointInterval = 4 };
        var seen = new List<(int Epoch, bool Exists)>();
        Train(1, options, out _, progress: p =>
        {
            if (p.EpochEnded)
            {
                seen.Add((p.Epoch, File.Exists(options.CheckpointPath)));
                File.Delete(options.CheckpointPath!);
            }
        });
        Assert.That(seen.Where(s => s.Exists).Select(s => s.Epoch), Is.EqualTo((int[])[3, 5]));
    }

    private static TrainingOptions Options(string path) => new()
    {
        BatchSize = 50,
        Epochs = 6,
        Optimiser = OptimiserSettings.AdamW(0.02),
        GradientClip = 2,
        Seed = 77,
        CheckpointPath = path,
        StepInterval = 3,
    };

    private static ArrayData<double> Rows()
    {
        var rows = new double[390 * 2];
        new RandomStream(9).FillNormal<double>(rows);
        return new ArrayData<double>(rows, 2);
    }

    // A model, a trainer and a device of their own for every part of a run: nothing survives but the file.
    private static double[] Train(
        int threads, TrainingOptions options, out TrainingResult result, int stopAt = int.MaxValue, Action<TrainingProgress>? progress = null)
    {
        using var device = new CpuDevice(threads);
        using var model = new ShiftScaleModel(device);
        using var cancellation = new CancellationTokenSource();
        using var trainer = new Trainer<double>(model, Rows(), options, Rows());
        result = trainer.Run(
            new ProgressAction(p =>
            {
                progress?.Invoke(p);
                if (p.Step >= stopAt)
                    cancellation.Cancel();
            }),
            cancellation.Token);
        return model.Weights();
    }

    private static void AssertSameHistory(TrainingHistory actual, TrainingHistory expected)
    {
        Assert.That(actual.Steps, Is.EqualTo(expected.Steps));
        Assert.That(actual.Epochs.Select(Untimed), Is.EqualTo(expected.Epochs.Select(Untimed)));

        static EpochRecord Untimed(EpochRecord record) => record with { Seconds = 0, RowsPerSecond = 0 };
    }
}
