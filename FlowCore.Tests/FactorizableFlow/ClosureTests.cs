using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Distributions;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class ClosureTests
{
    private const long Events = 40_000;

    [Test]
    public void A_model_equal_to_the_truth_closes()
    {
        var result = Measure(KnownModels.OneNormal.CenterA, new(0.9, 0.6));
        Assert.Multiple(() =>
        {
            // Log-densities of order 4 are rounded to float, 2.4e-7 each; errors of either sign average out.
            Assert.That(result.Closure.Kl, Is.Zero.Within(2e-7));
            Assert.That(result.Closure.KlSe, Is.LessThan(2e-8));
            Assert.That(result.Closure.Events, Is.EqualTo(Events));
            Assert.That(result.Closure.ModelNll - result.Closure.TruthNll, Is.EqualTo(result.Closure.Kl).Within(1e-12));
            Assert.That(result.WithinLimit, Is.True);
            Assert.That(result.Sampling.Passed, Is.True);
        });
    }

    // KL(N(0, 1) ‖ N(δ, 1)) = δ²/2 a feature; the log-ratio has standard deviation δ.
    [TestCase(0.1)]
    [TestCase(0.5)]
    public void A_shifted_model_has_the_kl_of_its_shift(double shift)
    {
        var result = Measure(new(0.5 + (0.9 * shift), -1), new(0.9, 0.6));
        var error = shift / Math.Sqrt(Events);
        Assert.Multiple(() =>
        {
            Assert.That(result.Closure.Kl, Is.EqualTo(shift * shift / 2).Within(5 * error));
            Assert.That(result.Closure.KlSe, Is.EqualTo(error).Within(0.02 * error));
            Assert.That(result.WithinLimit, Is.False);
            Assert.That(result.Sampling.Passed, Is.False);
        });
    }

    // KL(N(0, 1) ‖ N(0, s²)) = ln s + (1 / s² - 1) / 2.
    [Test]
    public void A_wider_model_has_the_kl_of_its_width()
    {
        var result = Measure(KnownModels.OneNormal.CenterA, new(0.9 * 1.2, 0.6));
        var expected = Math.Log(1.2) + (0.5 * ((1 / 1.44) - 1));
        Assert.That(result.Closure.Kl, Is.EqualTo(expected).Within(5 * result.Closure.KlSe));
    }

    [Test]
    public void The_truth_of_a_point_has_its_entropy()
    {
        var result = Measure(KnownModels.OneNormal.CenterA, new(0.9, 0.6));
        var entropy = new ToyTruth(KnownModels.OneNormal).EntropyX;
        // log p has the variance of half a χ² with two degrees of freedom: 1.
        Assert.That(result.Closure.TruthNll, Is.EqualTo(entropy).Within(5 / Math.Sqrt(Events)));
    }

    [Test]
    public void Sums_over_many_blocks_are_those_of_the_definition()
    {
        var random = new System.Random(5);
        var truth = new double[5000];
        var model = new float[truth.Length];
        for (var i = 0; i < truth.Length; i++)
        {
            truth[i] = -3 + random.NextDouble();
            model[i] = (float)(truth[i] - (0.01 * random.NextDouble()));
        }

        var sums = new ClosureSums();
        sums.Add(truth.AsSpan(0, 1700), model.AsSpan(0, 1700));
        sums.Add(truth.AsSpan(1700), model.AsSpan(1700));
        var row = sums.Row("kin", [0, 0]);
        double[] differences = [.. truth.Zip(model, (t, m) => t - m)];
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / (truth.Length - 1));
        Assert.Multiple(() =>
        {
            // Double rounding, 1e-16 relative to sums of order 1e4.
            Assert.That(row.Kl, Is.EqualTo(mean).Within(1e-13));
            Assert.That(row.KlSe, Is.EqualTo(deviation / Math.Sqrt(truth.Length)).Within(1e-13));
            Assert.That(row.TruthNll, Is.EqualTo(-truth.Average()).Within(1e-12));
            Assert.That(row.ModelNll, Is.EqualTo(-model.Average(value => (double)value)).Within(1e-12));
        });
    }

    [Test]
    public void A_log_density_that_is_not_finite_is_refused_by_its_event()
    {
        var truth = new double[3000];
        var model = new float[3000];
        model[2500] = float.NegativeInfinity;
        Assert.That(
            () => new ClosureSums().Add(truth, model),
            Throws.TypeOf<ArithmeticException>().With.Message.Contains("event 2500").And.Message.Contains("-Infinity"));
    }

    [Test]
    public void The_reference_limits_allow_twice_the_combined_error()
    {
        // 8.8 ± 0.9 and our own ± 1.2: combined 1.5.
        var limits = ClosureLimits.Reference;
        Assert.Multiple(() =>
        {
            Assert.That(limits.Holds(Row("kin", 11.7, 0, 0)), Is.True);
            Assert.That(limits.Holds(Row("kin", 11.9, 0, 0)), Is.False);
            Assert.That(limits.Holds(Row("kin_residual", 11.9, 1, 1)), Is.True);
            Assert.That(limits.Holds(Row("score_residual", 1340, 0, 2)), Is.True);
            Assert.That(limits.Holds(Row("score_residual", 1, 0.3, 0.3)), Is.Null);
        });
    }

    [TestCase("kin", 19.9, true)]
    [TestCase("kin_residual", 20.1, false)]
    [TestCase("score", 59.9, true)]
    [TestCase("score_residual", 60.1, false)]
    public void FlowCores_limits_hold_at_every_point(string model, double kl, bool holds) =>
        Assert.That(ClosureLimits.FlowCore.Holds(Row(model, kl, 0.3, 0.3)), Is.EqualTo(holds));

    private static ClosureRow Row(string model, double kl, double shift, double squeeze) =>
        new(model, [shift, squeeze], 200_000, 0, kl * 1e-5, kl * 1e-5, 1.2e-5);

    private static PointResult Measure(Point2 mean, Point2 width)
    {
        using var flow = KnownModels.Normal(mean, width);
        using StringWriter output = new(), error = new();
        var context = new CommandContext(new ConsoleReporter(output, error, isTerminal: false), CancellationToken.None);
        var config = new StudyConfig { File = "test.yaml" };
        var generator = GeneratorPoints.FromTemplates(config, KnownModels.OneNormal, []);
        var model = new StudyModel("kin", Sector.Kinematic, flow, "test.safetensors", generator, [[0, 0]]);
        return new StudyValidation(context, Events, seed: 7, ClosureLimits.FlowCore).Measure(model, [0, 0]);
    }
}
