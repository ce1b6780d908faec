using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Random;
using FlowCore.Tests.Training;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>Gradients through draws, and the guards against gradients that are not.</summary>
[TestFixture]
internal sealed class ExpectationGradientTests
{
    private const double A = 2;
    private const double B = 1;

    private static readonly ExpectationOptions _rows = new() { Count = 10_000, Seed = 4 };

    [Test]
    public void The_full_gradient_of_the_entropy_is_one_over_a_without_noise()
    {
        using var flow = Gaussians.OneDimensional(A, B);
        foreach (var rows in new[] { 2, 37, 10_000 })
        {
            var gradient = Expectation.Gradient(flow, RowFunctional.Entropy<double>(), _rows with { Count = rows });
            // d/da of ½ ln 2πe + ln a: −ln q(a z + b) is ln a plus what does not depend on a.
            Assert.That(gradient.Parameters["map.weight"][0, 0], Is.EqualTo(1 / A).Within(1e-12));
            Assert.That(gradient.Parameters["map.bias"][0], Is.Zero.Within(1e-12));
        }
    }

    [Test]
    public void The_path_alone_has_the_right_mean_and_noise_and_fixed_rows_have_the_wrong_one()
    {
        using var flow = Gaussians.OneDimensional(A, B);
        var path = SlopeOf(flow, RowFunctional.Of((in TapeSample<double> sample) =>
        {
            using var held = sample.Tape.WithoutParameters();
            return -sample.Model.LogDensity(sample.X);
        }));
        // z²/a: mean 1/a, variance 2/a² a row, so a deviation of 0.0071 of 10,000 rows.
        Assert.That(path, Is.EqualTo(1 / A).Within(4.5 * Math.Sqrt(2) / A / 100));
        Assert.That(Math.Abs(path - (1 / A)), Is.GreaterThan(1e-6), "it has noise");

        // (1 − z²)/a, the slide's: the mean is 0, whatever the entropy does.
        var wrong = SlopeOf(flow, RowFunctional.Of((in TapeSample<double> sample) => -sample.Model.LogDensity(sample.X.StopGradient())));
        Assert.That(wrong, Is.Zero.Within(4.5 * 0.0071));
        Assert.That(path + wrong, Is.EqualTo(1 / A).Within(1e-12), "both parts make the whole");
    }

    [Test]
    public void Moments_have_the_gradients_of_their_closed_forms()
    {
        using var flow = Gaussians.OneDimensional(A, B);
        // By a: 0, 2a, 6ab, 12ab² + 12a³. By b: 1, 2b, 3b² + 3a², 4b³ + 12a²b. Their noise at 40,000 rows is some percent of them at most.
        (double ByA, double ByB)[] truths = [(0, 1), (2 * A, 2 * B), (6 * A * B, (3 * B * B) + (3 * A * A)), ((12 * A * B * B) + (12 * A * A * A), (4 * B * B * B) + (12 * A * A * B))];
        for (var n = 1; n <= 4; n++)
        {
            var gradient = Expectation.Gradient(flow, RowFunctional.Moment<double>(n), _rows with { Count = 40_000 });
            // Var(n x^(n−1) z) ≤ n² E x^(2n−2) z², of normal moments below (2n − 1)!! (a + b)^(2n−2) n².
            double[] factorials = [1, 3, 15, 105];
            var error = n * Math.Sqrt(factorials[n - 1]) * Math.Pow(A + B, n - 1) / 200;
            Assert.That(gradient.Parameters["map.weight"][0, 0], Is.EqualTo(truths[n - 1].ByA).Within(4.5 * error));
            Assert.That(gradient.Parameters["map.bias"][0], Is.EqualTo(truths[n - 1].ByB).Within(4.5 * error));
        }
    }

    [Test]
    public void Every_functional_passes_the_check_against_differences()
    {
        using var flow = NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings { Features = 2, HiddenSizes = [6], Transforms = 2, Activation = FlowCore.Compute.UnaryFunction.Silu, Seed = 3 });
        using var other = Gaussians.Linear([1, 0, 0.5, 1], [0, 0.3]);
        (string Name, IRowFunctional<double> Functional)[] all =
        [
            ("entropy", RowFunctional.Entropy<double>()), ("third moment", RowFunctional.Moment<double>(3, 1)), ("divergence", RowFunctional.Divergence(other)),
            ("probability", RowFunctional.Probability<double>(x => x.Slice(0, 1) - 0.2, 0.5)),
        ];
        foreach (var (name, functional) in all)
        {
            var deviation = Expectation.CheckGradient(flow, functional);
            // The differences are good to about 10⁻⁹; the splines have kinks in their second derivatives.
            Assert.That(deviation.Relative, Is.LessThan(1e-6), $"{name}: {deviation}");
        }

        var detached = RowFunctional.Of((in TapeSample<double> sample) => -sample.Model.LogDensity(sample.X.StopGradient()));
        Assert.That(Expectation.CheckGradient(flow, detached).Relative, Is.GreaterThan(0.1), "what lets go of its draws fails");
    }

    [Test]
    public void Context_and_nuisances_have_gradients()
    {
        // x = c + z: ∂ E x² / ∂c = 2c.
        using var flow = ExpectationTests.ShiftedByContext();
        var gradient = Expectation.Gradient(flow, RowFunctional.Moment<double>(2), _rows, new Conditions<double>([1.5]));
        Assert.That(gradient.Context[0], Is.EqualTo(3).Within(4.5 * 2 / 100.0));
        Assert.That(gradient.Nuisances, Is.Empty);
        Assert.That(Expectation.CheckGradient(flow, RowFunctional.Moment<double>(2), conditions: [1.5]).Relative, Is.LessThan(1e-6));

        // Differences under common random numbers are the gradient of the same sample.
        using var basis = NeuralSplineFlow.Create<double>(2, seed: 1);
        using var model = new FactorizableFlow<double>(
            basis, new PolynomialResidual<double>(new PolynomialResidualSettings { Features = 2, Nuisances = 2, HiddenSizes = [8] }));
        double[] nu = [0.4, -0.3];
        var moment = RowFunctional.Moment<double>(2, 1);
        var few = _rows with { Count = 500 };
        var slopes = Expectation.Gradient(model, moment, few, new Conditions<double>([], nu)).Nuisances;
        const double h = 1e-5;
        for (var k = 0; k < 2; k++)
        {
            var (up, down) = (nu.ToArray(), nu.ToArray());
            up[k] += h;
            down[k] -= h;
            var difference = (Expectation.Value(model, moment, few, new Conditions<double>([], up)).Value - Expectation.Value(model, moment, few, new Conditions<double>([], down)).Value) / (2 * h);
            // h² and 10⁻¹⁶/h: 10⁻¹⁰; kinks of the splines within h of a row are rare and small.
            Assert.That(slopes[k], Is.EqualTo(difference).Within(1e-6));
        }
    }

    [Test]
    public void A_detached_sample_is_refused_and_the_right_call_is_named()
    {
        using var flow = Gaussians.OneDimensional(A, B);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 64);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        var rows = new double[64];
        new RandomStream(1).FillNormal<double>(rows);

        tape.Begin(64, flow.Parameters, gradients);
        var fixedRows = TapeSample<double>.OfRows(flow, tape.Input(rows, 1));
        Assert.That(fixedRows.IsReparameterised, Is.False);
        Assert.That(() => Expectation.Entropy(fixedRows), Throws.InstanceOf<DetachedSampleException>().With.Message.Contains("DrawOnTape"));
        var drawn = flow.DrawOnTape(tape, new RandomStream(1));
        Assert.That(drawn.IsReparameterised, Is.True);
        Assert.That(() => Expectation.Entropy(drawn), Throws.Nothing);

        TapeSample<double> held;
        using (tape.WithoutParameters())
            held = flow.DrawOnTape(tape, new RandomStream(1));
        Assert.That(() => Expectation.Entropy(held), Throws.InstanceOf<DetachedSampleException>());

        // A leaf whose adjoint is wanted is no parameter.
        tape.Begin(64, flow.Parameters, gradients);
        var leaf = TapeSample<double>.OfRows(flow, tape.Input(rows, 1, requiresAdjoint: true));
        Assert.That(() => Expectation.Entropy(leaf), Throws.InstanceOf<DetachedSampleException>());

        // Where nothing of the model is differentiated, there is no gradient to be wrong.
        tape.Begin(64, record: true);
        Assert.That(() => Expectation.Entropy(TapeSample<double>.OfRows(flow, tape.Input(rows, 1))), Throws.Nothing);
    }

    [Test]
    public void The_tape_knows_what_depends_on_the_parameters_that_it_is_differentiated_by()
    {
        using var flow = Gaussians.OneDimensional(A, B);
        using var other = Gaussians.OneDimensional(A, B);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 8);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        tape.Begin(8, flow.Parameters, gradients);
        var x = tape.Input(new double[8], 1, requiresAdjoint: true);
        var own = flow.LogDensity(x);
        Assert.That(tape.DependsOnParameters(own), Is.True);
        Assert.That(tape.DependsOnParameters((own * x) + 1.0), Is.True);
        Assert.That(tape.DependsOnParameters(x), Is.False);
        Assert.That(tape.DependsOnParameters(x.Exp()), Is.False);
        Assert.That(tape.DependsOnParameters(own.StopGradient()), Is.False);
        Assert.That(tape.DependsOnParameters(other.LogDensity(x)), Is.False, "a frozen model's");
        using (tape.WithoutParameters())
            Assert.That(tape.DependsOnParameters(flow.LogDensity(x)), Is.False);
        Assert.That(tape.DependsOnParameters(flow.LogDensity(x)), Is.True, "the scope has ended");
        var both = VariableFunctions.Concatenate(x, own);
        Assert.That(tape.DependsOnParameters(both.Slice(0, 1)), Is.True, "what is sliced off a result counts as the whole");
    }

    [Test]
    public void A_model_is_trained_by_an_expectation()
    {
        using var flow = Gaussians.OneDimensional(1, 0);
        var functional = RowFunctional.Of((in TapeSample<double> sample) => ((sample.X - 3.0).Square() * 2.0) - Expectation.Entropy(sample));
        var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = 600, BatchSize = 256, Optimiser = OptimiserSettings.Adam(0.05) };
        flow.Fit(new NoiseData<double>(flow), options, objective: Objective.Expectation(functional));
        // 2 (x − 3)² − H: the least is the normal distribution of the Boltzmann weight e^(−2 (x − 3)²), N(3, ½²). Noise of the rate at the end: 1 %.
        Assert.That(flow.Parameters.Parameters.Single(p => p.Name == "map.bias").Values[0], Is.EqualTo(3).Within(0.03));
        Assert.That(flow.Parameters.Parameters.Single(p => p.Name == "map.weight").Values[0], Is.EqualTo(0.5).Within(0.03));
        Assert.That(() => Objective.Expectation(RowFunctional.Of((in TapeSample<double> sample) => sample.X, 2)), Throws.ArgumentException);
    }

    [Test]
    public void A_model_is_trained_to_given_moments()
    {
        using var flow = Gaussians.OneDimensional(1, 0);
        var moments = RowFunctional.Of((in TapeSample<double> sample) => VariableFunctions.Concatenate(sample.X, (sample.X - 2.0).Square()), columns: 2);
        var objective = Objective.OfExpectations(moments, means => (means - means.Tape!.Constant([2.0, 0.25])).Square().SumColumns());
        flow.Fit(new NoiseData<double>(flow), new TrainingOptions { Epochs = 1, StepsPerEpoch = 800, BatchSize = 512, Optimiser = OptimiserSettings.Adam(0.03), GradientClip = 1 }, objective: objective);
        // Mean 2 and variance ¼.
        Assert.That(flow.Parameters.Parameters.Single(p => p.Name == "map.bias").Values[0], Is.EqualTo(2).Within(0.03));
        Assert.That(Math.Abs(flow.Parameters.Parameters.Single(p => p.Name == "map.weight").Values[0]), Is.EqualTo(0.5).Within(0.05));
    }

    private static double SlopeOf(Flow<double> flow, IRowFunctional<double> functional) =>
        Expectation.Gradient(flow, functional, _rows).Parameters["map.weight"][0, 0];
}
