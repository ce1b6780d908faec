using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class FlowTrainingTests
{
    [Test]
    public void Three_lines_learn_a_density_and_draw_from_it()
    {
        var samples = TwoBumps(6000);

        using var flow = NeuralSplineFlow.Create<float>(features: 2);
        var result = flow.Fit(samples, options: new TrainingOptions { Epochs = 30, Optimiser = OptimiserSettings.AdamW(3e-3) });
        var drawn = flow.Sample(4000, seed: 1);

        // Two normals of scale 0.4 at ±(1.5, 1): nearly apart, so the entropy is ln 2 + ln(0.16 · 2πe) minus an overlap that
        // is below 0.001. The mean loss of 600 rows is known to 0.04; the flow may be worse by a few hundredths.
        var entropy = Math.Log(2) + Math.Log(0.16 * 2 * Math.PI * Math.E);
        Assert.That(result.BestValidationLoss, Is.InRange(entropy - 0.16, entropy + 0.25));

        // The share of each bump is known to 1/√16,000 = 0.008 in the sample drawn and 0.006 in the one learned from.
        var right = 0;
        for (var i = 0; i < 4000; i++)
            right += drawn[i, 0] > 0 ? 1 : 0;
        Assert.That(right / 4000.0, Is.EqualTo(0.5).Within(0.06));
        Assert.That(result.Warnings, Is.Empty);
    }

    [Test]
    public void A_spline_flow_trains_to_the_same_bits_on_any_number_of_threads_and_when_resumed()
    {
        // The order of hidden units differs between memory and checkpoint here.
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { BatchSize = 700, StepsPerEpoch = 4, Epochs = 3, Seed = 8, Optimiser = OptimiserSettings.AdamW(1e-2) };
        var expected = Train(1, options, int.MaxValue);
        Assert.That(Train(2, options, int.MaxValue), Is.EqualTo(expected), "two threads");
        var saved = options with { CheckpointPath = folder.File("run.ckpt") };
        Train(2, saved, stopAt: 6);
        Assert.That(Train(1, saved with { Resume = true }, int.MaxValue), Is.EqualTo(expected), "resumed");

        static float[] Train(int threads, TrainingOptions options, int stopAt)
        {
            using var device = new CpuDevice(threads);
            using var flow = Small(device, 5);
            using var cancellation = new CancellationTokenSource();
            flow.Fit(
                new NormalRows<float>(3, 1),
                options,
                progress: new ProgressAction(p =>
                {
                    if (p.Step >= stopAt)
                        cancellation.Cancel();
                }),
                cancellationToken: cancellation.Token);
            return Weights(flow);
        }
    }

    [Test]
    public void A_warm_step_of_a_spline_flow_allocates_nothing()
    {
        using var device = new CpuDevice(2);
        using var flow = Small(device, 5);
        var rows = new NormalRows<float>(3, 1);
        using var trainer = new Trainer<float>(flow, rows, new TrainingOptions { BatchSize = 600, StepsPerEpoch = 1000 });
        var least = long.MaxValue;
        trainer.RunStep();
        trainer.RunStep();
        for (var window = 0; window < 6; window++)
        {
            // The caller's thread runs blocks, reductions and sweeps like every other worker.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++)
                trainer.RunStep();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void A_checkpoint_of_a_flow_with_other_constants_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { BatchSize = 64, StepsPerEpoch = 2, Epochs = 2, CheckpointPath = folder.File("run.ckpt") };
        using var flow = Small(Device.Cpu, bound: 5);
        flow.Fit(new NormalRows<float>(3, 1), options);
        using var other = Small(Device.Cpu, bound: 4);
        var before = Weights(other);
        Assert.That(
            () => other.Fit(new NormalRows<float>(3, 1), options with { Resume = true }),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains("the model's constants"));
        Assert.That(Weights(other), Is.EqualTo(before), "nothing was changed");
    }

    [Test]
    public void A_flow_that_standardises_gets_no_warning()
    {
        var samples = new float[2000];
        new RandomStream(4).FillNormal<float>(samples);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = 1000 + (50 * samples[i]);
        var tensor = Tensor.Create(samples, [1000, 2]);
        var options = new TrainingOptions { Epochs = 1, BatchSize = 900 };
        using var plain = NeuralSplineFlow.Create<float>(2);
        using var standardising = NeuralSplineFlow.Create<float>(
            new NeuralSplineFlowSettings { Features = 2, Standardization = LocationScale.FromData<float>(samples, 2) });
        Assert.That(plain.Fit(tensor, options: options).Warnings, Has.Count.EqualTo(2));
        Assert.That(standardising.Fit(tensor, options: options).Warnings, Is.Empty);
    }

    [Test]
    public void A_residual_is_trained_and_its_base_keeps_its_bits()
    {
        using var flow = Small(Device.Cpu, 5);
        var baseBits = Weights(flow);
        using var model = new FactorizableFlow<float>(
            flow, new PolynomialResidual<float>(new PolynomialResidualSettings { Features = 3, ContextFeatures = 1, Nuisances = 2, HiddenSizes = [16] }));
        var before = Weights(model);
        var result = model.Fit(
            new NormalRows<float>(3, 1, 2), new TrainingOptions { BatchSize = 512, StepsPerEpoch = 10, Epochs = 2, Optimiser = OptimiserSettings.AdamW(1e-2) });
        Assert.That(Weights(flow), Is.EqualTo(baseBits));
        Assert.That(Weights(model), Is.Not.EqualTo(before));
        Assert.That(result.History.Epochs[1].TrainLoss, Is.LessThan(result.History.Epochs[0].TrainLoss));
    }

    [Test]
    public void Reverse_KL_through_samples_finds_a_density_that_can_only_be_evaluated()
    {
        using var flow = MaskedAffineFlow.Create<double>(2);
        var options = new TrainingOptions
        {
            BatchSize = 256,
            StepsPerEpoch = 50,
            Epochs = 8,
            Optimiser = OptimiserSettings.Adam(2e-2),
            EarlyStopping = null,
        };
        var result = flow.Fit(new Noise(), options, new Noise(), new ReverseKullbackLeibler());
        // The loss is the divergence plus the entropy of the noise, ln 2πe. At the optimum the loss of every row is
        // half the squared noise plus ln 2π: the mean of 2,560 rows is known to 1/√2,560 = 0.02; five of them.
        Assert.That(result.BestValidationLoss, Is.EqualTo(Math.Log(2 * Math.PI * Math.E)).Within(0.1));
        var drawn = flow.Sample(4000, seed: 2);
        for (var j = 0; j < 2; j++)
        {
            double sum = 0;
            for (var i = 0; i < 4000; i++)
                sum += drawn[i, j];
            Assert.That(sum / 4000, Is.EqualTo(ReverseKullbackLeibler.Location[j]).Within(0.1));
        }
    }

    private static Flow<float> Small(Device device, double bound) => NeuralSplineFlow.Create<float>(
        new NeuralSplineFlowSettings { Features = 3, ContextFeatures = 1, Bins = 5, Bound = bound, Transforms = 2, HiddenSizes = [24, 24], Seed = 3 }, device);

    private static float[] Weights(DensityModel<float> model)
    {
        var weights = new List<float>();
        foreach (var parameter in model.Parameters.Parameters)
            weights.AddRange(parameter.Values);
        return [.. weights];
    }

    private static Tensor<float> TwoBumps(int n)
    {
        var rows = new float[2 * n];
        new RandomStream(3).FillNormal<float>(rows);
        for (var i = 0; i < n; i++)
        {
            var sign = i % 2 == 0 ? 1 : -1;
            rows[2 * i] = (sign * 1.5f) + (0.4f * rows[2 * i]);
            rows[(2 * i) + 1] = sign + (0.4f * rows[(2 * i) + 1]);
        }

        return Tensor.Create(rows, [n, 2]);
    }

    private sealed class Noise : ITrainingData<double>
    {
        public long? Rows => null;

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights) =>
            request.BatchStream().FillNormal(x, (ulong)request.FirstRow * 2);
    }

    private sealed class ReverseKullbackLeibler : IObjective<double>
    {
        private static readonly ShiftScaleLogDensity _target = new();
        private static readonly MinusSum _minusSum = new();

        public static double[] Location { get; } = [0.8, -0.5];

        private static double[] LogScale { get; } = [-0.7, 0.2];

        public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions)
        {
            var tape = x.Tape!;
            var sample = model.FromNoise(x, conditions, out var logDet);
            var target = tape.Apply(_target, [sample, tape.SharedRow(Location), tape.SharedRow(LogScale), default, default], 1);
            return tape.Apply(_minusSum, [logDet, target], 1);
        }

        private sealed class MinusSum : Operation<double>
        {
            protected internal override void Forward(in OperationCall<double> call)
            {
                call.Kernels.ScaleShift(call.Input(0), -1, 0, call.Output(0), accumulate: false);
                call.Kernels.ScaleShift(call.Input(1), -1, 0, call.Output(0), accumulate: true);
            }

            protected internal override void Backward(in OperationCall<double> call)
            {
                for (var i = 0; i < 2; i++)
                    call.Kernels.ScaleShift(call.OutputAdjoint(0), -1, 0, call.InputAdjoint(i), accumulate: true);
            }
        }
    }
}
