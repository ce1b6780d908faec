using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Gpu;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class OptimiserTests
{
    private const int Rows = 200;

    [Test]
    public void A_batch_in_one_block_gives_the_bits_of_a_trainer_s_step([Values] bool clips, [Values] bool weighted)
    {
        double? clip = clips ? 0.3 : null;
        var (x, weights) = (Numbers(1), weighted ? Weights() : null);
        var options = new TrainingOptions
        {
            BatchSize = Rows,
            StepsPerEpoch = 3,
            Epochs = 1,
            Optimiser = OptimiserSettings.Adam(0.01),
            Schedule = new ConstantSchedule(),
            GradientClip = clip,
        };
        using var trained = Create();
        using var trainer = new Trainer<double>(trained, new FixedRows(x, weights), options);
        using var own = Create();
        using var optimiser = new Optimiser<double>(own, options.Optimiser) { GradientClip = clip };
        for (var step = 0; step < 3; step++)
        {
            var tape = optimiser.Begin(Rows);
            optimiser.Accumulate(-own.LogDensity(tape.Input(x, 2)), weights is null ? default : tape.Input(weights, 1));
            Assert.That(optimiser.Step(), Is.EqualTo(trainer.RunStep()));
            Assert.That(Numbers(own), Is.EqualTo(Numbers(trained)));
        }
    }

    [Test]
    public void Blocks_add_up_to_the_gradient_of_their_weighted_mean_in_the_names_and_order_of_the_state()
    {
        var (x, weights) = (Numbers(1), Weights());
        using var flow = Create();
        var (loss, expected) = flow.LossGradient(Tensor.Create(x, [Rows, 2]), weights: Tensor.Create(weights));
        using var optimiser = new Optimiser<double>(flow);
        for (var first = 0; first < Rows; first += 50)
        {
            var tape = optimiser.Begin(50);
            optimiser.Accumulate(-flow.LogDensity(tape.Input(x.AsSpan(2 * first, 100), 2)), tape.Input(weights.AsSpan(first, 50), 1));
        }

        var gradients = optimiser.Gradients();
        Assert.That(gradients.Keys, Is.EqualTo(flow.Parameters.Parameters.Select(parameter => parameter.Name)));
        Assert.That(gradients.Keys, Is.EqualTo(expected.Keys));
        // Sums of 200 numbers in another order.
        foreach (var (name, gradient) in gradients)
            Assert.That(gradient.ToArray(), Is.EqualTo(expected[name].ToArray()).Within(1e-13), name);
        Assert.That(optimiser.Step(), Is.EqualTo(loss).Within(1e-13));
        Assert.That(optimiser.Gradients().First().Value.ToArray(), Is.EqualTo(gradients.First().Value.ToArray()), "readable after the step");
    }

    [Test]
    public void A_gradient_is_the_derivative_of_the_loss_by_the_canonical_number()
    {
        var x = Tensor.Create(Numbers(1), [Rows, 2]);
        using var flow = Create();
        var (_, gradients) = flow.LossGradient(x);
        foreach (var parameter in flow.Parameters.Parameters)
        {
            var numbers = new double[parameter.Length];
            parameter.Read(numbers);
            var at = parameter.Length / 2;
            var kept = numbers[at];
            // Central differences in double: an error of h² and of 10⁻¹⁶ / h.
            const double h = 1e-5;
            double Moved(double value)
            {
                numbers[at] = value;
                parameter.Write(numbers);
                return flow.Loss(x);
            }

            var difference = (Moved(kept + h) - Moved(kept - h)) / (2 * h);
            Moved(kept);
            Assert.That(gradients[parameter.Name].ToArray()[at], Is.EqualTo(difference).Within(1e-8), parameter.Name);
        }
    }

    [Test]
    public void More_blocks_than_wait_for_the_host_still_make_one_mean()
    {
        using var flow = Create();
        using var optimiser = new Optimiser<double>(flow);
        var x = Numbers(1);
        for (var row = 0; row < Rows; row++)
            optimiser.Accumulate(-flow.LogDensity(optimiser.Begin(1).Input(x.AsSpan(2 * row, 2), 2)));
        var expected = flow.Loss(Tensor.Create(x, [Rows, 2]));
        Assert.That(optimiser.Step(), Is.EqualTo(expected).Within(1e-13));
    }

    [Test]
    public void A_warm_step_allocates_nothing()
    {
        // On one thread: what it allocates is all there is.
        using var device = new CpuDevice(1);
        using var flow = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, HiddenSizes = [8] }, device);
        using var optimiser = new Optimiser<double>(flow);
        var x = Numbers(1);
        long allocated = 0;
        for (var step = 0; step < 5; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var tape = optimiser.Begin(Rows);
            optimiser.Accumulate(-flow.LogDensity(tape.Input(x, 2)));
            optimiser.Step();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Zeroed_gradients_leave_no_trace_and_the_rate_may_change()
    {
        var x = Numbers(1);
        using var plain = Create();
        using var zeroed = Create();
        foreach (var flow in (Flow<double>[])[plain, zeroed])
        {
            using var optimiser = new Optimiser<double>(flow, OptimiserSettings.Sgd(1)) { LearningRate = 0.125 };
            if (flow == zeroed)
            {
                optimiser.Accumulate(-flow.LogDensity(optimiser.Begin(50).Input(x.AsSpan(0, 100), 2)));
                optimiser.ZeroGradients();
            }

            optimiser.Accumulate(-flow.LogDensity(optimiser.Begin(Rows).Input(x, 2)));
            optimiser.Step();
            Assert.That(optimiser.Updates, Is.EqualTo(1));
        }

        Assert.That(Numbers(zeroed), Is.EqualTo(Numbers(plain)));
    }

    [Test]
    public void Several_networks_in_one_store_are_trained_together()
    {
        var first = new Mlp<double>([2, 4, 1], UnaryFunction.Tanh, "first", new RandomStream(1));
        var second = new Mlp<double>([2, 4, 1], UnaryFunction.Tanh, "second", new RandomStream(2));
        using var store = new ParameterStore<double>(Device.Cpu, [.. first.Parameters, .. second.Parameters]);
        using var optimiser = new Optimiser<double>(store, OptimiserSettings.Adam(0.02));
        var (x, before, loss) = (Numbers(1), 0.0, 0.0);
        for (var step = 0; step < 100; step++)
        {
            var input = optimiser.Begin(Rows).Input(x, 2);
            optimiser.Accumulate((first.Apply(input) + second.Apply(input) - 1.0).Square());
            loss = optimiser.Step();
            before = step == 0 ? loss : before;
        }

        Assert.That(loss, Is.LessThan(0.1 * before));
        Assert.That(optimiser.Gradients().Keys, Has.Exactly(8).Items);
    }

    [Test]
    public void An_accelerator_makes_the_same_steps()
    {
        using var device = GpuDevice.Emulated();
        using var here = Create();
        using var there = here.ConvertTo<double>(device);
        foreach (var flow in (Flow<double>[])[here, there])
        {
            using var optimiser = new Optimiser<double>(flow, OptimiserSettings.Sgd(0.1)) { GradientClip = 0.3 };
            for (var step = 0; step < 2; step++)
            {
                var tape = optimiser.Begin(Rows);
                optimiser.Accumulate(-flow.LogDensity(tape.Input(Numbers(1), 2)), tape.Input(Weights(), 1));
                optimiser.Step();
            }
        }

        var x = Tensor.Create(Numbers(1), [Rows, 2]);
        var (expected, actual) = (here.LossGradient(x), there.LossGradient(x));
        // Sums of 200 numbers in another order, through two steps.
        Assert.That(actual.Loss, Is.EqualTo(expected.Loss).Within(1e-12));
        foreach (var (name, gradient) in actual.Gradients)
            Assert.That(gradient.ToArray(), Is.EqualTo(expected.Gradients[name].ToArray()).Within(1e-12), name);
    }

    [Test]
    public void A_target_s_divergence_from_itself_is_0_and_noise_on_the_host_is_that_of_the_device()
    {
        using var flow = Create();
        var noise = new NoiseData<double>(flow);
        var request = new BatchRequest(BatchPurpose.Training, 2, 3, Rows, 0, Rows, new RandomStream(5));
        var (z, part) = (new double[2 * Rows], new double[100]);
        noise.Fill(request, z, [], [], []);
        noise.Fill(request with { FirstRow = 50, RowCount = 50 }, part, [], [], []);
        Assert.That(part, Is.EqualTo(z[100..200]));
        var divergence = flow.Loss(Tensor.Create(z, [Rows, 2]), objective: new ReverseKullbackLeibler<double>(x => flow.LogDensity(x)));
        Assert.That(divergence, Is.EqualTo(0).Within(1e-13));
        using var conditional = MaskedAffineFlow.Create<double>(features: 2, contextFeatures: 1);
        Assert.That(() => new NoiseData<double>(conditional), Throws.ArgumentException);
    }

    [Test]
    public void Wrong_calls_are_named()
    {
        using var flow = Create();
        using var other = Create();
        using var optimiser = new Optimiser<double>(flow);
        Assert.That(() => optimiser.Step(), Throws.InvalidOperationException.With.Message.Contains("Accumulate"));
        Assert.That(() => optimiser.Accumulate(default), Throws.ArgumentException.With.Message.Contains("no variable"));
        var x = optimiser.Begin(Rows).Input(Numbers(1), 2);
        Assert.That(() => optimiser.Accumulate(-other.LogDensity(x)), Throws.ArgumentException.With.Message.Contains("depends on none"));
        Assert.That(() => optimiser.Accumulate(x), Throws.ArgumentException.With.Message.Contains("one column"));
        var loss = -flow.LogDensity(x);
        optimiser.Accumulate(loss);
        Assert.That(() => optimiser.Accumulate(loss), Throws.InvalidOperationException);
        Assert.That(() => optimiser.ReadGradient(other.Parameters.Parameters[0], new double[1]), Throws.ArgumentException.With.Message.Contains("trained here"));
        Assert.That(() => optimiser.LearningRate = -1, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => optimiser.GradientClip = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        optimiser.ZeroGradients();
        optimiser.Accumulate(flow.LogDensity(optimiser.Begin(Rows).Input(Numbers(1), 2)) * double.NaN);
        var weights = Numbers(flow);
        Assert.That(() => optimiser.Step(), Throws.InstanceOf<TrainingDivergedException>());
        Assert.That(Numbers(flow), Is.EqualTo(weights));
    }

    private static Flow<double> Create() =>
        MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 2, HiddenSizes = [8], Activation = UnaryFunction.Tanh, Seed = 3 });

    private static double[] Numbers(ulong seed)
    {
        var x = new double[2 * Rows];
        new RandomStream(seed).FillNormal<double>(x);
        return x;
    }

    private static double[] Weights() => [.. Enumerable.Range(0, Rows).Select(i => 0.5 + (i % 7))];

    private static double[] Numbers(Flow<double> flow) => [.. flow.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())];

    /// <summary>The same batch in every step.</summary>
    private sealed class FixedRows(double[] rows, double[]? rowWeights) : ITrainingData<double>
    {
        public long? Rows => null;

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
        {
            rows.AsSpan(2 * request.FirstRow, x.Length).CopyTo(x);
            rowWeights?.AsSpan(request.FirstRow, weights.Length).CopyTo(weights);
        }
    }
}
