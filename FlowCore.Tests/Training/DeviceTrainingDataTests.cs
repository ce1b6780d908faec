using FlowCore.Compute;
using FlowCore.Flows;
using FlowCore.Tests.Compute;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>Rows that are drawn where the model computes, and devices whose blocks are large or do not fit.</summary>
[TestFixture]
internal sealed class DeviceTrainingDataTests
{
    private static readonly TrainingOptions _options = new()
    {
        BatchSize = 700,
        StepsPerEpoch = 3,
        Epochs = 2,
        Optimiser = OptimiserSettings.AdamW(0.01),
        EarlyStopping = null,
        RestoreBest = false,
        Seed = 4,
    };

    [Test]
    public void Rows_drawn_on_the_tape_are_those_filled_on_the_host()
    {
        using var source = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, HiddenSizes = [8], Bins = 4, Seed = 9 });
        var data = new DensityModelData<float>(source);
        using var drawn = MaskedAffineFlow.Create<float>(new MaskedAffineFlowSettings { Features = 2, HiddenSizes = [8], Seed = 1 });

        using var filled = MaskedAffineFlow.Create<float>(new MaskedAffineFlowSettings { Features = 2, HiddenSizes = [8], Seed = 1 });
        var onTape = drawn.Fit(data, _options, data);
        var onHost = filled.Fit(new HostRows<float>(data), _options, new HostRows<float>(data));
        Assert.Multiple(() =>
        {
            Assert.That(onTape.TrainLoss, Is.EqualTo(onHost.TrainLoss));
            Assert.That(onTape.ValidationLoss, Is.EqualTo(onHost.ValidationLoss));
            for (var i = 0; i < drawn.Parameters.Parameters.Count; i++)
                Assert.That(drawn.Parameters.Parameters[i].Values.ToArray(), Is.EqualTo(filled.Parameters.Parameters[i].Values.ToArray()));
        });
    }

    [Test]
    public void A_source_with_context_is_no_data()
    {
        using var source = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 1, HiddenSizes = [8], Bins = 4 });
        Assert.That(() => new DensityModelData<float>(source), Throws.ArgumentException.With.Message.Contains("context"));
    }

    [Test]
    public void A_model_of_other_features_is_refused()
    {
        using var source = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, HiddenSizes = [8], Bins = 4 });
        using var model = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 3, HiddenSizes = [8], Bins = 4 });
        Assert.That(() => model.Fit(new DensityModelData<float>(source), _options), Throws.ArgumentException.With.Message.Contains("3"));
    }

    [Test]
    public void Large_blocks_give_the_same_training_up_to_the_order_of_sums()
    {
        using var small = new ShiftScaleModel(Device.Cpu);
        using var large = new ShiftScaleModel(new LargeBlockDevice(4096));
        small.Fit(new NormalRows<double>(2, 0, 0), _options);
        large.Fit(new NormalRows<double>(2, 0, 0), _options);

        // Sums of 700 gradients in another order, six steps.
        Assert.That(large.Weights(), Is.EqualTo(small.Weights()).Within(1e-12));
    }

    [Test]
    public void Training_goes_on_with_smaller_blocks_where_large_ones_do_not_fit()
    {
        var data = new MemoryHungryRows(limit: 400);
        using var model = new ShiftScaleModel(new LargeBlockDevice(4096));
        using var expected = new ShiftScaleModel(Device.Cpu);
        model.Fit(data, _options);
        expected.Fit(new NormalRows<double>(2, 0, 0), _options);
        Assert.Multiple(() =>
        {
            Assert.That(data.Largest, Is.InRange(300, 400), "704 rows do not fit, half of them do");
            Assert.That(model.Weights(), Is.EqualTo(expected.Weights()).Within(1e-12));
        });
    }

    [Test]
    public void A_model_that_does_not_fit_at_all_says_so()
    {
        using var model = new ShiftScaleModel(new LargeBlockDevice(4096));
        Assert.That(
            () => model.Fit(new MemoryHungryRows(limit: 10), _options),
            Throws.TypeOf<DeviceMemoryException>().With.Message.Contains("MiB were asked for"));
    }

    [Test]
    public void Evaluation_goes_on_with_smaller_blocks_where_large_ones_do_not_fit()
    {
        var device = new LargeBlockDevice(4096);
        using var model = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, HiddenSizes = [8] }, device);
        var x = new double[2 * 5000];
        for (var i = 0; i < x.Length; i++)
            x[i] = Math.Sin(i);
        var (expected, computed) = (new double[5000], new double[5000]);
        model.LogDensity(x, expected);
        device.Failures = 2;
        model.LogDensity(x, computed);
        Assert.That(computed, Is.EqualTo(expected));
        device.Failures = 10;
        Assert.That(() => model.LogDensity(x, computed), Throws.TypeOf<DeviceMemoryException>());
    }
}
