using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>Fits to targets whose answer is known.</summary>
[TestFixture]
internal sealed class VariationalFitTests
{
    // log Z of the trap's target is 0, of its forward and reverse optimum and their divergences: by quadrature.
    private const double ReverseLocation = 1.99980;
    private const double ReverseScale = 0.50040;
    private const double ForwardScale = 2.0616;

    [Test]
    public void The_path_gradient_finds_a_normal_target_without_noise()
    {
        const int d = 5;
        double[] lower = [1, 0, 0, 0, 0, 0.5, 0.8, 0, 0, 0, -0.3, 0.2, 1.2, 0, 0, 0.1, -0.4, 0.3, 0.6, 0, 0.2, 0.1, -0.5, 0.4, 1.5];
        double[] mu = [1, -0.5, 2, 0, 0.3];
        using var truth = Gaussians.Linear(lower, mu);
        var scaled = Target.Of<double>(d, x => truth.LogDensity(x) + 3.7);
        using var flow = Gaussians.Linear([.. Enumerable.Range(0, d * d).Select(i => i % (d + 1) == 0 ? 1.0 : 0)], new double[d]);
        var options = new VariationalOptions { Steps = 4000, BatchSize = 128, ValidationCount = 1024, Seed = 1, Training = Descent(0.03) };
        var result = flow.FitTo(scaled, options);
        Assert.That(flow.Parameters.Parameters.Single(p => p.Name == "map.weight").Values.ToArray(), Is.EqualTo(lower).Within(1e-6));
        Assert.That(flow.Parameters.Parameters.Single(p => p.Name == "map.bias").Values.ToArray(), Is.EqualTo(mu).Within(1e-6));
        Assert.That(result.LogZ.Value, Is.EqualTo(3.7).Within(1e-6));
        Assert.That(result.EffectiveShare, Is.GreaterThan(1 - 1e-9));
        Assert.That(result.Elbo.Value, Is.EqualTo(3.7).Within(1e-6));
    }

    [Test]
    public void At_the_target_the_path_gradient_of_every_row_vanishes_and_the_total_one_does_not()
    {
        using var flow = Gaussians.Linear([1.3, 0, 0.4, 0.7], [0.2, -1]);
        using var same = Gaussians.Linear([1.3, 0, 0.4, 0.7], [0.2, -1]);
        foreach (var (estimator, vanishes) in new[] { (true, true), (false, false) })
        {
            var objective = new ReverseObjective<double>(new AnnealedTarget<double>(Target.Of(same), Annealing.None), estimator);
            double largest = 0;
            var noise = new double[2 * 20];
            new RandomStream(2).FillNormal<double>(noise);
            for (var row = 0; row < 20; row++)
            {
                var one = System.Numerics.Tensors.Tensor.Create(noise[(2 * row)..((2 * row) + 2)], [1, 2]);
                foreach (var gradient in flow.LossGradient(one, objective: objective).Gradients.Values)
                    largest = Math.Max(largest, gradient.Max(Math.Abs));
            }

            Assert.That(largest, vanishes ? Is.LessThan(1e-12) : Is.GreaterThan(0.1));
        }
    }

    [TestCase(GradientEstimator.Path)]
    [TestCase(GradientEstimator.Total)]
    [TestCase(GradientEstimator.Score)]
    public void The_reverse_divergence_ends_on_one_of_two_modes(GradientEstimator estimator)
    {
        using var flow = Gaussians.OneDimensional(1, 1);
        var options = Options(estimator, 600);
        // A draw between the modes comes once in 20,000 and is a kick, which Adam, whose steps have one size, makes of the size of its rate; a falling rate averages them.
        var result = flow.FitTo(
            Gaussians.Bimodal(), estimator == GradientEstimator.Path ? options with { Steps = 2000, Training = Quick(0.05) with { Optimiser = OptimiserSettings.Sgd(0.05) } } : options);
        var (location, scale) = NumbersOf(flow);
        // Half of one such kick at the full rate, 0.05 · 64 / 512; the others have the noise of every row, some thousandths.
        var tolerance = estimator == GradientEstimator.Path ? 3e-3 : 2e-2;
        Assert.That(location, Is.EqualTo(ReverseLocation).Within(tolerance));
        Assert.That(scale, Is.EqualTo(ReverseScale).Within(tolerance));
        Assert.That(-result.Elbo.Value, Is.EqualTo(0.69305).Within(2e-3), "KL(q ‖ p)");
        Assert.That(result.Remarks, Has.Some.Contains("cannot be judged"));
        Assert.That(result.ToString(), Does.Contain("cannot be judged"));
    }

    [Test]
    public void The_forward_divergence_covers_both_modes_without_draws_of_the_target()
    {
        using var flow = Gaussians.OneDimensional(3, 0.5);
        var result = flow.FitTo(Gaussians.Bimodal(), Options(GradientEstimator.SelfNormalised, 600) with { BatchSize = 2048 });
        var (location, scale) = NumbersOf(flow);
        Assert.That(location, Is.Zero.Within(0.05));
        Assert.That(scale, Is.EqualTo(ForwardScale).Within(0.04));
        // What it minimises is KL(p ‖ q), estimated by the same weights: 0.7236, of 4,096 draws to √(0.7/1700).
        Assert.That(result.Training.BestValidationLoss, Is.EqualTo(0.7236).Within(0.05));
        Assert.That(result.LogZ.Value, Is.Zero.Within(0.06));
    }

    [Test]
    public void The_divergence_of_order_two_covers_both_modes()
    {
        using var flow = Gaussians.OneDimensional(3, 0.5);
        flow.FitTo(Gaussians.Bimodal(), Options(GradientEstimator.Alpha2, 600) with { BatchSize = 2048 });
        var (location, scale) = NumbersOf(flow);
        // ∫ p²/q of one normal q is least at the scale that quadrature gives, and at 0.
        var best = Enumerable.Range(150, 250).Select(i => i / 100.0).MinBy(SecondOrder);
        Assert.That(location, Is.Zero.Within(0.1));
        Assert.That(scale, Is.EqualTo(best).Within(0.06));

        static double SecondOrder(double scale)
        {
            double sum = 0;
            for (var x = -8.0; x < 8; x += 0.01)
            {
                var p = (Math.Exp(-2 * (x - 2) * (x - 2)) + Math.Exp(-2 * (x + 2) * (x + 2))) / Math.Sqrt(2 * Math.PI);
                sum += p * p * scale * Math.Exp(x * x / (2 * scale * scale));
            }

            return sum;
        }
    }

    [Test]
    public void An_annealed_spline_flow_finds_both_modes()
    {
        using var flow = Spline(bound: 6);
        var options = Options(GradientEstimator.Path, 1500) with { Annealing = Annealing.Linear(0.01, 0.5, width: 3), BatchSize = 512, Training = Quick(0.02) };
        var result = flow.FitTo(Gaussians.Bimodal(), options);
        var right = flow.Probability(row => row[0] > 0, new ExpectationOptions { Count = 20_000 });
        // 0.02 and 4.5 standard errors of the share.
        Assert.That(right.Value, Is.EqualTo(0.5).Within(0.02 + (4.5 * 0.0035)));
        Assert.That(result.EffectiveShare, Is.GreaterThan(0.95));
        Assert.That(result.LogZ.Value, Is.Zero.Within(0.02));
        Assert.That(flow.TargetEffectiveShare<double>(Gaussians.Bimodal(), Gaussians.BimodalSamples(10_000, 4)), Is.GreaterThan(0.9));
        // Epochs of the annealed target are not compared with those of the real one.
        var first = result.Training.History.Epochs.First(epoch => double.IsFinite(epoch.ValidationLoss));
        Assert.That(first.Step, Is.GreaterThanOrEqualTo(750));
        Assert.That(result.Training.BestEpoch, Is.GreaterThanOrEqualTo(first.Epoch));
    }

    [TestCase(-4, 8, 0.7337487)]
    [TestCase(1, 1, 0.3136618)]
    public void One_site_of_the_quartic_field_has_its_integral(double massSquared, double coupling, double logZ)
    {
        using var flow = Spline(bound: 3);
        var target = Target.Of<double>(1, x =>
        {
            var square = x.Square();
            return -((square * massSquared) + (square * square * coupling));
        });
        var result = flow.FitTo(target, Options(GradientEstimator.Path, 800) with { Training = Quick(0.02), ReportCount = 20_000 });
        Assert.That(result.LogZ.Value, Is.EqualTo(logZ).Within((4.5 * result.LogZ.StandardError) + 1e-7));
        Assert.That(result.LogZ.StandardError, Is.LessThan(3e-3));
        Assert.That(result.EffectiveShare, Is.GreaterThan(0.9));
    }

    [Test]
    public void The_funnel_is_found_and_its_tail_is_reported()
    {
        const int d = 10;
        var target = Target.Of<double>(d, x =>
        {
            var neck = x.Slice(0, 1);
            var rest = x.Slice(1, d - 1) * (neck * -0.5).Exp();
            return (neck * (1.0 / 3)).NormalLogDensity() - Math.Log(3) + rest.NormalLogDensity() - (neck * ((d - 1) / 2.0));
        });
        bool[] passes = [true, .. Enumerable.Repeat(false, d - 1)];
        // ln s of every coupled feature is linear in the neck: a network without hidden layers holds the funnel.
        var transform = new Composition<double>(
            d, new Coupling<double>(new Affine<double>(), passes, 0, [], UnaryFunction.Identity, "coupling"), new Elementwise<double>(new Affine<double>(), d, "scale"));
        using var flow = new Flow<double>(new StandardNormal<double>(d), transform);
        var result = flow.FitTo(target, Options(GradientEstimator.Path, 1500) with { BatchSize = 256, Training = Quick(0.02) });
        Assert.That(result.ParetoShape, Is.LessThan(0.7), result.ToString());
        Assert.That(result.LogZ.Value, Is.Zero.Within((4.5 * result.LogZ.StandardError) + 1e-3), result.ToString());
        Assert.That(result.EffectiveShare, Is.GreaterThan(0.9), result.ToString());
    }

    [Test]
    public void One_flow_is_fitted_to_a_family_of_targets()
    {
        // x | c ~ N(2c, ½²): a flow whose shift is linear in c.
        var network = new FlowCore.Networks.Mlp<double>([1, 2], UnaryFunction.Identity, "net");
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Conditional<double>(new Affine<double>(), 1, network));
        var target = Target.Of<double>(1, (x, c) => ((x - (c * 2.0)) * 2.0).NormalLogDensity());
        var contexts = new double[101];
        for (var i = 0; i < contexts.Length; i++)
            contexts[i] = (i - 50) / 50.0;
        var result = flow.FitTo(target, Options(GradientEstimator.Path, 1000) with { Training = Quick(0.03) with { GradientClip = 1 } }, new Conditions<double>(contexts));
        Assert.That(result.LogZ.Value, Is.NaN);
        var one = flow.ImportanceSample(target, 5000, 1, new Conditions<double>([0.8]));
        Assert.That(one.EffectiveShare, Is.GreaterThan(0.999));
        Assert.That(flow.Moments(new ExpectationOptions { Count = 20_000 }, new Conditions<double>([0.8])).Mean(0).Value, Is.EqualTo(1.6).Within((4.5 * 0.5 / 141) + 0.015));
        Assert.That(
            () => flow.FitTo(target, Options(GradientEstimator.SelfNormalised, 10), new Conditions<double>(contexts)), Throws.ArgumentException.With.Message.Contains("one row"));
    }

    [Test]
    public void A_fit_has_the_same_bits_on_any_number_of_threads_and_when_resumed()
    {
        using var folder = new FlowCore.Tests.IO.TemporaryFolder();
        var options = Options(GradientEstimator.Path, 60) with { StepsPerEpoch = 20, BatchSize = 600, Annealing = Annealing.Linear(0.1, 0.5), Training = Quick(0.02) with { CheckpointPath = folder.File("a.ckpt") } };
        var expected = Fit(1, options, int.MaxValue);
        Assert.That(Fit(3, options, int.MaxValue), Is.EqualTo(expected), "three threads");
        var resumed = options with { Training = options.Training with { CheckpointPath = folder.File("b.ckpt"), Resume = true } };
        Fit(2, resumed, stopAt: 27);
        Assert.That(Fit(2, resumed, int.MaxValue), Is.EqualTo(expected), "stopped in the annealing and resumed");

        static double[] Fit(int threads, VariationalOptions options, int stopAt)
        {
            using var device = new CpuDevice(threads);
            using var flow = NeuralSplineFlow.Create<double>(2, seed: 2, device: device);
            using var stop = new CancellationTokenSource();
            var target = Target.Of<double>(2, x => ((x - 1.0) * 1.5).NormalLogDensity());
            flow.FitTo(target, options, progress: new FlowCore.Tests.Training.ProgressAction(p =>
            {
                if (p.Step >= stopAt)
                    stop.Cancel();
            }), cancellationToken: stop.Token);
            return [.. flow.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        }
    }

    [TestCase(GradientEstimator.Path)]
    [TestCase(GradientEstimator.Total)]
    [TestCase(GradientEstimator.Score)]
    [TestCase(GradientEstimator.SelfNormalised)]
    [TestCase(GradientEstimator.Alpha2)]
    public void A_warm_step_allocates_nothing(GradientEstimator estimator)
    {
        using var device = new CpuDevice(2);
        using var flow = NeuralSplineFlow.Create<double>(2, contextFeatures: 1, seed: 2, device: device);
        var target = Target.Of<double>(2, (x, c) => (x - c).NormalLogDensity());
        var data = new NoiseData<double>(flow, new Conditions<double>(estimator < GradientEstimator.SelfNormalised ? [0.1, 0.2, 0.3] : [0.1]));
        var annealed = new AnnealedTarget<double>(target, Annealing.Linear());
        IObjective<double> objective = estimator <= GradientEstimator.Total
            ? new ReverseObjective<double>(annealed, estimator == GradientEstimator.Path)
            : new WeightedObjective<double>(annealed, estimator);
        using var trainer = new Trainer<double>(flow, data, new TrainingOptions { BatchSize = 600, StepsPerEpoch = 1000 }, objective: objective);
        trainer.RunStep();
        trainer.RunStep();
        var least = long.MaxValue;
        for (var window = 0; window < 6; window++)
        {
            // The caller's thread runs blocks, reductions and sweeps like every other worker.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 5; i++)
                trainer.RunStep();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Rows_where_the_target_is_zero_are_left_out_counted_and_reported()
    {
        // Through √x, whose slope is NaN outside, so that even the adjoint 0 of what was not taken becomes NaN: nothing of it may reach a parameter.
        var target = Target.Of<double>(1, x =>
        {
            var outside = x.LessOrEqual(x.Tape!.Constant(0.0));
            // x e^(−x²/2), whose integral is 1.
            return outside.Where(x.Tape!.Constant(double.NegativeInfinity), (x.Sqrt().Log() * 2.0) - (x.Square() * 0.5));
        });
        foreach (var estimator in new[] { GradientEstimator.Path, GradientEstimator.Total, GradientEstimator.Score, GradientEstimator.SelfNormalised })
        {
            using var flow = Gaussians.OneDimensional(0.5, 1);
            var result = flow.FitTo(target, Options(estimator, 200));
            Assert.That(result.OutsideRows, Is.InRange(1, 2000), estimator.ToString());
            Assert.That(result.Remarks, Has.Some.Contains("where the target is 0"), estimator.ToString());
            Assert.That(result.LogZ.Value, Is.Zero.Within(0.1), estimator.ToString());
        }
    }

    [Test]
    public void A_target_that_is_not_valid_is_one_clear_error()
    {
        using var flow = Gaussians.OneDimensional(1, 0);
        AssertInvalid(Target.Of<double>(1, x => x.Log()), "NaN at x = (-");
        AssertInvalid(Target.Of<double>(1, x => x.Less(x.Tape!.Constant(1.0)).Where(x.NormalLogDensity(), x.Tape!.Constant(double.PositiveInfinity))), "Infinity at x = (");
        AssertInvalid(Target.OfRows<double>(1, (_, _) => double.NegativeInfinity), "0 at all of 1024 draws", GradientEstimator.Score);
        // √|x − x| has a finite value, and the slope 0 · ∞.
        AssertInvalid(Target.Of<double>(1, x => x.NormalLogDensity() + (x - x).Sqrt()), "finite gradient");

        // Valid where the fresh flow is, not where the flow goes: a fault that only the training meets.
        var trapdoor = Target.Of<double>(1, x =>
        {
            var far = x.Less(x.Tape!.Constant(6.0));
            return far.Where(x * 4.0, x.Tape!.Constant(double.NaN));
        });
        AssertInvalid(trapdoor, "NaN at x = (6");
        Assert.That(
            () => flow.FitTo(Target.OfRows<double>(1, (x, _) => -x[0] * x[0]), Options(GradientEstimator.Path, 10)),
            Throws.ArgumentException.With.Message.Contains("without: take Score"));
        Assert.That(() => flow.FitTo(Target.Of<double>(2, x => x.NormalLogDensity())), Throws.ArgumentException);
        Assert.That(() => flow.FitTo(Gaussians.Bimodal(), new VariationalOptions { Steps = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => flow.FitTo(Gaussians.Bimodal(), new VariationalOptions { Estimator = (GradientEstimator)9 }), Throws.InstanceOf<ArgumentException>());

        static void AssertInvalid(ITarget<double> target, string text, GradientEstimator estimator = GradientEstimator.Path)
        {
            using var fresh = Gaussians.OneDimensional(1, 0);
            Assert.That(() => fresh.FitTo(target, Options(estimator, 400)), Throws.InstanceOf<InvalidTargetException>().With.Message.Contains(text));
        }
    }

    [Test]
    public void Single_precision_finds_the_same()
    {
        using var flow = new Flow<float>(new StandardNormal<float>(1), new Inverted<float>(new TriangularLinear<float>(1, "map")));
        var target = Target.Of<float>(1, x => ((x - 2f) * 2f).NormalLogDensity() + 1.5f);
        var result = flow.FitTo(target, Options(GradientEstimator.Path, 600) with { Training = Descent(0.05) });
        // N(2, ½²) e^1.5 / 2; weights are known to the roundings of single precision.
        Assert.That(result.LogZ.Value, Is.EqualTo(1.5 - Math.Log(2)).Within(1e-3));
        Assert.That(result.EffectiveShare, Is.GreaterThan(0.99));
        Assert.That(flow.Moments().Mean(0).Value, Is.EqualTo(2).Within(0.02));
    }

    [Test]
    public void Noise_goes_through_the_rows_of_its_conditions_in_turn()
    {
        using var flow = NeuralSplineFlow.Create<double>(2, contextFeatures: 2, seed: 2);
        double[] rows = [1, 2, 3, 4, 5, 6];
        var data = new NoiseData<double>(flow, new Conditions<double>(rows));
        var request = new BatchRequest(BatchPurpose.Training, Epoch: 1, Step: 1, BatchSize: 5, FirstRow: 0, RowCount: 5, new RandomStream(1));
        var (x, context) = (new double[10], new double[10]);
        data.Fill(request, x, context, [], []);
        // Row 5 of the epoch is the first: 5 mod 3.
        Assert.That(context, Is.EqualTo(new double[] { 5, 6, 1, 2, 3, 4, 5, 6, 1, 2 }));
        var noise = new double[10];
        request.BatchStream().FillNormal<double>(noise);
        Assert.That(x, Is.EqualTo(noise));
        Assert.That(() => new NoiseData<double>(flow), Throws.ArgumentException);
        Assert.That(() => new NoiseData<double>(flow, new Conditions<double>([1])), Throws.ArgumentException);
        Assert.That(() => new NoiseData<double>(flow, new Conditions<double>([1, double.NaN])), Throws.ArgumentException);
    }

    [Test]
    public void Annealing_goes_from_its_start_to_the_target_along_a_line()
    {
        var linear = Annealing.Linear(0.2, 0.5);
        Assert.That(linear.FactorsAt(0, 100), Is.EqualTo((0.2, 0.8)));
        Assert.That(linear.FactorsAt(25, 100).Target, Is.EqualTo(0.6).Within(1e-15));
        Assert.That(linear.FactorsAt(50, 100), Is.EqualTo((1.0, 0.0)));
        Assert.That(linear.IsOver(49, 100), Is.False);
        var tempered = Annealing.Tempering(5, 1);
        Assert.That(tempered.FactorsAt(0, 100), Is.EqualTo((0.2, 0.0)));
        Assert.That(tempered.FactorsAt(50, 100).Target, Is.EqualTo(1 / 3.0).Within(1e-15));
        Assert.That(Annealing.None.FactorsAt(0, 100), Is.EqualTo((1.0, 0.0)));
        Assert.That(() => Annealing.Linear(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Annealing.Linear(0.1, 1.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Annealing.Tempering(0.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static VariationalOptions Options(GradientEstimator estimator, int steps) => new()
    {
        Estimator = estimator,
        Steps = steps,
        BatchSize = 512,
        StepsPerEpoch = 50,
        ValidationCount = 4096,
        Seed = 5,
        Training = Quick(0.05),
    };

    private static TrainingOptions Quick(double rate) => new() { Optimiser = OptimiserSettings.Adam(rate), GradientClip = 10, EarlyStopping = null, Warn = null };

    // Where the noise vanishes with the distance to the target, plain descent converges like a geometric series.
    private static TrainingOptions Descent(double rate) => Quick(rate) with { Optimiser = OptimiserSettings.Sgd(rate), Schedule = new ConstantSchedule() };

    private static Flow<double> Spline(double bound) => new(
        new StandardNormal<double>(1), new Elementwise<double>(new RationalQuadraticSpline<double>(new SplineSettings(16, bound, 1e-3)), 1, "spline"));

    private static (double Location, double Scale) NumbersOf(Flow<double> flow) => (
        flow.Parameters.Parameters.Single(p => p.Name == "map.bias").Values[0], Math.Abs(flow.Parameters.Parameters.Single(p => p.Name == "map.weight").Values[0]));
}
