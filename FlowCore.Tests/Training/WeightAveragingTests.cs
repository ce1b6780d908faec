using FlowCore.Compute;
using FlowCore.Flows;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>The exponential average of the weights.</summary>
[TestFixture]
internal sealed class WeightAveragingTests
{
    private static readonly double[] _rows = ToyDensity.Rows("banana", 256, 1);

    [Test]
    public void The_average_is_that_of_the_weights_after_each_step()
    {
        using var model = AffineFlow.Create<double>(2);
        using var trainer = new Trainer<double>(model, new ArrayData<double>(_rows, 2), Options());
        var average = 0.0;
        for (var step = 1; step <= 20; step++)
        {
            trainer.RunStep();
            var decay = Math.Min(0.7, step / (9.0 + step));
            average = step == 1 ? First(model) : (decay * average) + ((1 - decay) * First(model));
        }

        Assert.That(First(model), Is.Not.EqualTo(average).Within(1e-6));
        Assert.That(trainer.RestoreAverage(), Is.True);
        Assert.That(First(model), Is.EqualTo(average).Within(1e-14));
    }

    [Test]
    public void A_resumed_run_ends_in_the_bits_of_one_never_interrupted([Values] bool validates, [Values(5, 13)] int stopAt)
    {
        using var folder = new TemporaryFolder();
        var expected = Train(Options(), validates, null, out _);
        var options = Options() with { CheckpointPath = folder.File("run.ckpt") };
        Train(options, validates, stopAt, out _);
        Assert.That(Train(options with { Resume = true }, validates, null, out var result), Is.EqualTo(expected));
        Assert.That(result.Steps, Is.EqualTo(40));
    }

    [Test]
    public void The_validation_looks_at_the_average_and_the_model_ends_with_it()
    {
        Train(Options() with { RestoreBest = false }, validates: true, null, out var averaged, out var end);
        Train(Options() with { RestoreBest = false, WeightAveraging = null }, validates: true, null, out var plain, out var last);
        Assert.That(averaged.History.Epochs[^1].TrainLoss, Is.EqualTo(plain.History.Epochs[^1].TrainLoss));
        Assert.That(averaged.History.Epochs[^1].ValidationLoss, Is.Not.EqualTo(plain.History.Epochs[^1].ValidationLoss));
        Assert.That(end, Is.EqualTo(averaged.History.Epochs[^1].ValidationLoss).Within(1e-12));
        Assert.That(last, Is.EqualTo(plain.History.Epochs[^1].ValidationLoss).Within(1e-12));
    }

    [Test]
    public void Another_average_is_another_run()
    {
        using var folder = new TemporaryFolder();
        var options = Options() with { CheckpointPath = folder.File("run.ckpt") };
        Train(options, validates: true, 5, out _);
        Assert.That(
            () => Train(options with { Resume = true, WeightAveraging = 0.8 }, validates: true, null, out _), Throws.InstanceOf<IOException>().With.Message.Contains("weight_averaging"));
        Assert.That(() => Train(options with { WeightAveraging = 1 }, validates: true, null, out _), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static TrainingOptions Options() => new()
    {
        Epochs = 5,
        BatchSize = 32,
        Seed = 2,
        Warn = null,
        EarlyStopping = null,
        WeightAveraging = 0.7,
        Optimiser = OptimiserSettings.Adam(1e-2),
    };

    private static double First(FlowCore.Distributions.Flow<double> model)
    {
        var values = new double[model.Parameters.Parameters[0].Length];
        model.Parameters.Parameters[0].Read(values);
        return values[0];
    }

    private static double[] Train(TrainingOptions options, bool validates, int? stopAt, out TrainingResult result) => Train(options, validates, stopAt, out result, out _);

    private static double[] Train(TrainingOptions options, bool validates, int? stopAt, out TrainingResult result, out double validation)
    {
        using var device = new CpuDevice(2);
        using var model = AffineFlow.Create<double>(2, device: device);
        var (data, held) = (new ArrayData<double>(_rows, 2), new ArrayData<double>(ToyDensity.Rows("banana", 100, 2), 2));
        using var source = new CancellationTokenSource();
        using var trainer = new Trainer<double>(model, data, options, validates ? held : null);
        result = trainer.Run(
            stopAt is { } last ? new ProgressAction(p => { if (p.Step == last) source.Cancel(); }) : null, source.Token);
        validation = model.Loss(System.Numerics.Tensors.Tensor.Create(ToyDensity.Rows("banana", 100, 2), [100, 2]));
        var values = new double[model.Parameters.Parameters.Sum(parameter => parameter.Length)];
        var at = 0;
        foreach (var parameter in model.Parameters.Parameters)
        {
            parameter.Read(values.AsSpan(at, parameter.Length));
            at += parameter.Length;
        }

        return values;
    }
}
