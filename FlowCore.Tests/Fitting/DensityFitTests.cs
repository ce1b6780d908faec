using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

[TestFixture]
internal sealed class DensityFitTests
{
    private const int Rows = 1500;

    // A flow and a training that take moments: what is tested here is what stands around them.
    private static readonly DensityFitOptions _quick = new()
    {
        Log = null,
        Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 1, HiddenSizes = [8], Bins = 4 },
        Training = new TrainingOptions { Epochs = 3, BatchSize = 128, Warn = null },
    };

    [Test]
    public void Supports_are_respected_by_density_and_samples()
    {
        var x = Uniform(3, seed: 1);
        for (var i = 0; i < Rows; i++)
        {
            x[3 * i] = 10 * x[3 * i];
            x[(3 * i) + 1] = 5 - MathF.Log(1 - x[(3 * i) + 1]);
            x[(3 * i) + 2] = 2 * MathF.PI * x[(3 * i) + 2];
        }

        var options = _quick with { Supports = [Support.Interval(0, 10), Support.Above(5), Support.Circle(0, 2 * Math.PI)] };
        using var model = Density.Fit<float>(Matrix(x, 3), options: options);
        var drawn = model.Sample(2000, seed: 2).ToArray();
        for (var i = 0; i < drawn.Length; i += 3)
        {
            Assert.That(drawn[i], Is.InRange(0f, 10f));
            Assert.That(drawn[i + 1], Is.GreaterThanOrEqualTo(5f));
            Assert.That(drawn[i + 2], Is.InRange(0f, 6.2831855f));
        }

        var density = new float[4];
        model.LogDensity([5, 6, 1, -0.1f, 6, 1, 5, 5, 1, 5, 6, 7], density);
        Assert.That(float.IsFinite(density[0]));
        Assert.That(density[1..], Is.All.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void A_value_outside_its_support_is_an_error_that_names_it()
    {
        var x = Uniform(1, seed: 1);
        x[7] = 1.5f;
        Assert.That(
            () => Density.Fit<float>(Matrix(x, 1), options: _quick with { Supports = [Support.Interval(0, 1)] }),
            Throws.ArgumentException.With.Message.Contains("feature 0").And.Message.Contains("row 7"));
        Assert.That(
            () => Density.Fit<float>(Matrix(x, 1), options: _quick with { Supports = [Support.Integers] }),
            Throws.ArgumentException.With.Message.Contains("Support.Integers"));
    }

    [Test]
    public void Angles_outside_the_turn_are_wrapped_into_it()
    {
        var x = Uniform(1, seed: 1);
        var turned = Array.ConvertAll(x, (value) => value + 3);
        var options = _quick with { Supports = [Support.Circle(0, 1)] };
        using var model = Density.Fit<float>(Matrix(x, 1), options: options);
        using var other = Density.Fit<float>(Matrix(turned, 1), options: options);

        // x + 3 keeps 2⁻²² of x; the weights follow such changes by factors of some hundreds.
        Assert.That(DensityAt(other, 0.3f), Is.EqualTo(DensityAt(model, 0.3f)).Within(1e-2));
    }

    [TestCase(0.0, 1.0, "Support.Interval(0, 1)")]
    [TestCase(-20.0, 40.0, "Support.Interval(-20, 20)")]
    [TestCase(0.0, 2 * Math.PI, "Support.Circle(0, 2 * Math.PI)")]
    [TestCase(-Math.PI, 2 * Math.PI, "Support.Circle(-Math.PI, Math.PI)")]
    public void Uniform_data_are_suggested_their_support_and_not_given_it(double lower, double width, string expected)
    {
        var x = Array.ConvertAll(Uniform(1, seed: 1), value => (float)(lower + (width * value)));
        using var model = Density.Fit<float>(Matrix(x, 1), out var result, options: _quick);
        Assert.That(result.Suggestions, Has.Count.EqualTo(1));
        Assert.That(result.Suggestions[0], Does.Contain("Feature 0").And.Contain(expected));
        Assert.That(result.Charts[0].Support, Is.EqualTo(Support.Real));
    }

    [Test]
    public void Exponential_and_whole_numbers_have_their_suggestions_and_normal_ones_none()
    {
        var uniform = Uniform(1, seed: 1);
        Assert.That(Suggested(Array.ConvertAll(uniform, value => -MathF.Log(1 - value))), Does.Contain("Support.Positive"));
        Assert.That(Suggested(Array.ConvertAll(uniform, value => MathF.Floor(9 * value))), Does.Contain("Support.Integers"));
        Assert.That(Suggested(Normal(1, seed: 1)), Is.Empty);

        static string Suggested(float[] x)
        {
            using var model = Density.Fit<float>(Matrix(x, 1), out var result, options: _quick);
            return string.Join(' ', result.Suggestions);
        }
    }

    [Test]
    public void What_is_applied_is_said()
    {
        var log = new StringWriter();
        var x = Normal(2, seed: 1);
        for (var i = 0; i < Rows; i++)
            x[2 * i] = 1 / x[2 * i];
        using var model = Density.Fit<float>(Matrix(x, 2), out var result, options: _quick with { Log = log });

        // 1/N has the tail 1/x², that of one degree of freedom.
        Assert.That(result.Applied[0], Does.StartWith("Feature 0: ").And.Contain("heavy tails"));
        Assert.That(1 / result.Charts[0].UpperTail, Is.EqualTo(1).Within(0.5));
        Assert.That(result.Applied[1], Does.StartWith("Feature 1: standardised").And.Not.Contain("tail"));
        Assert.That(log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(result.Applied));
    }

    [Test]
    public void Heavy_tails_cost_little()
    {
        var x = new float[Rows];
        var uniform = Uniform(1, seed: 1);
        for (var i = 0; i < Rows; i++)
            x[i] = MathF.Tan(MathF.PI * (uniform[i] - 0.5f));
        using var model = Density.Fit<float>(Matrix(x, 1), options: _quick);
        var fresh = Array.ConvertAll(Uniform(1, seed: 2), value => MathF.Tan(MathF.PI * (value - 0.5f)));
        var density = new float[Rows];
        model.LogDensity(fresh, density);

        // The entropy of Cauchy's distribution is ln 4π; 1,500 rows know it to 1.8/√1,500 = 0.05, four of them. A normal one is off by thousands.
        Assert.That(-TensorPrimitives.Average<float>(density), Is.EqualTo(Math.Log(4 * Math.PI)).Within(0.2));
    }

    [Test]
    public void The_same_seed_fits_the_same_bits_and_another_does_not()
    {
        var x = Normal(2, seed: 1);
        var options = _quick with { Supports = [Support.Integers, Support.Real], Training = null };
        for (var i = 0; i < x.Length; i += 2)
            x[i] = MathF.Round(3 * x[i]);
        var first = Fitted(0);
        Assert.That(Fitted(0), Is.EqualTo(first));
        Assert.That(Fitted(1), Is.Not.EqualTo(first));

        float Fitted(ulong seed)
        {
            using var model = Density.Fit<float>(Matrix(x, 2), options: options with { Seed = seed });
            var density = new float[1];
            model.LogDensity([0.3f, -0.2f], density);
            return density[0];
        }
    }

    [Test]
    public void A_context_far_from_order_one_is_standardised()
    {
        var x = Normal(1, seed: 1);
        var context = Array.ConvertAll(Uniform(1, seed: 2), value => 5000 + (1000 * value));
        for (var i = 0; i < Rows; i++)
            x[i] += (context[i] - 5500) / 100;
        var options = _quick with { Training = new TrainingOptions { Epochs = 40, BatchSize = 64, Optimiser = OptimiserSettings.AdamW(0.01), Warn = null } };
        using var model = Density.Fit<float>(Matrix(x, 1), out var result, Matrix(context, 1), options: options);
        Assert.That(result.Applied, Has.Some.StartsWith("Context 0: standardised by 55"));
        var (low, high) = (new float[1], new float[1]);
        model.LogDensity([3f], new Conditions<float>([5200f], default), low);
        model.LogDensity([3f], new Conditions<float>([5800f], default), high);

        // At 5,800 the mean is 3, at 5,200 it is −3: 18 nats apart in truth; beyond where the data is the flow may be less sure.
        Assert.That(high[0] - low[0], Is.GreaterThan(5));
        Assert.That(high[0], Is.EqualTo(-0.92).Within(0.4));
    }

    [Test]
    public void Weights_count_in_the_chart_and_in_the_training()
    {
        var x = Normal(1, seed: 1);
        var weights = Array.ConvertAll(x, value => MathF.Exp(value - 0.5f));
        using var model = Density.Fit<float>(Matrix(x, 1), out var result, weights: weights, options: _quick);

        // The weights make N(1, 1) of it; some 1,500/e rows count: 0.06 for the median, four of them.
        Assert.That(result.Charts[0].Location, Is.EqualTo(1).Within(0.25));
        Assert.That(TensorPrimitives.Average<float>(model.Sample(4000, seed: 3).ToArray()), Is.EqualTo(1).Within(0.25));
    }

    [Test]
    public void Whole_numbers_are_spread_and_their_density_integrates_to_their_probability()
    {
        var x = Array.ConvertAll(Uniform(1, seed: 1), value => value < 0.25f ? 0f : value < 0.75f ? 1f : 2f);
        var options = _quick with
        {
            Supports = [Support.Integers],
            Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 2, Bins = 16 },
            Training = new TrainingOptions { Epochs = 60, BatchSize = 64, Optimiser = OptimiserSettings.AdamW(0.02, weightDecay: 0), Warn = null },
        };
        using var model = Density.Fit<float>(Matrix(x, 1), options: options);
        var drawn = Array.ConvertAll(model.Sample(8000, seed: 3).ToArray(), value => (int)MathF.Floor(value));

        // 1,350 rows know a probability to 0.013, the spline its edges to some hundredths.
        Assert.That(drawn.Count(n => n == 1) / 8000.0, Is.EqualTo(0.5).Within(0.06));
        Assert.That(drawn.Count(n => n is >= 0 and <= 2) / 8000.0, Is.GreaterThan(0.95));
    }

    [Test]
    public void A_fitted_model_is_saved_and_loaded_to_the_same_bits()
    {
        var x = Uniform(2, seed: 1);
        var context = Uniform(1, seed: 2);
        using var model = Density.Fit<float>(Matrix(x, 2), Matrix(context, 1), options: _quick with { Supports = [Support.Interval(0, 1), Support.Circle(0, 1)] });
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.safetensors");
        model.Save(path);
        using var again = Flow<float>.Load(path);
        File.Delete(path);
        var (first, second) = (new float[Rows], new float[Rows]);
        model.LogDensity(x, new Conditions<float>(context, default), first);
        again.LogDensity(x, new Conditions<float>(context, default), second);
        Assert.That(second, Is.EqualTo(first));
        var outside = new float[1];
        again.LogDensity([1.5f, 0.5f], new Conditions<float>([0.5f], default), outside);
        Assert.That(outside[0], Is.EqualTo(float.NegativeInfinity));
    }

    [Test]
    public void A_constant_feature_is_an_error_and_a_repeated_value_a_warning()
    {
        var x = Normal(2, seed: 1);
        for (var i = 0; i < Rows; i++)
            x[(2 * i) + 1] = 3;
        Assert.That(() => Density.Fit<float>(Matrix(x, 2), options: _quick), Throws.ArgumentException.With.Message.Contains("feature 1"));
        for (var i = 0; i < Rows; i++)
            x[(2 * i) + 1] = i % 10 == 0 ? 0 : x[2 * i];
        using var model = Density.Fit<float>(Matrix(x, 2), out var result, options: _quick);
        Assert.That(result.Warnings, Has.Count.EqualTo(1));
        Assert.That(result.Warnings[0].Kind, Is.EqualTo(TrainingWarningKind.RepeatedValues));
        Assert.That(result.Warnings[0].Feature, Is.EqualTo(1));
    }

    // 0.1 + 0.2 and 0.3 are the same number but for a rounding, which no context may be divided by.
    [Test]
    public void A_context_that_is_constant_within_its_roundings_is_left_in_its_scale()
    {
        var x = Array.ConvertAll(Normal(1, seed: 1), value => (double)value);
        var context = new double[Rows];
        for (var i = 0; i < Rows; i++)
            context[i] = i % 2 == 0 ? 0.1 + 0.2 : 0.3;
        using var model = Density.Fit<double>(Tensor.Create(x, [Rows, 1]), Tensor.Create(context, [Rows, 1]), options: _quick);
        var (even, odd, near) = (new double[1], new double[1], new double[1]);
        model.LogDensity([0.3], new Conditions<double>([0.1 + 0.2], default), even);
        model.LogDensity([0.3], new Conditions<double>([0.3], default), odd);
        model.LogDensity([0.3], new Conditions<double>([0.3001], default), near);
        Assert.That(even[0], Is.EqualTo(odd[0]).Within(1e-10));
        Assert.That(near[0], Is.EqualTo(odd[0]).Within(0.1));
    }

    [Test]
    public void A_cancelled_fit_says_so_and_gives_a_density()
    {
        using var source = new CancellationTokenSource();
        var x = Normal(1, seed: 1);
        var options = _quick with { Training = null, Progress = new CancelAfter(source, steps: 60) };
        using var model = Density.Fit<float>(Matrix(x, 1), out var result, options: options, cancellationToken: source.Token);
        Assert.That(result.Training.Outcome, Is.EqualTo(TrainingOutcome.Cancelled));
        Assert.That(float.IsFinite(DensityAt(model, 0.3f)));
    }

    [Test]
    public void Too_few_rows_and_supports_of_other_features_are_refused()
    {
        Assert.That(() => Density.Fit<float>(Matrix([1, 2, 3], 1), options: _quick), Throws.ArgumentException);
        Assert.That(() => Density.Fit<float>(default, options: _quick), Throws.ArgumentException);
        Assert.That(() => Density.Fit<float>(Matrix(Normal(2, seed: 1), 2), options: _quick with { Supports = [Support.Real] }), Throws.ArgumentException);
    }

    [Test]
    public void The_recommended_flow_has_the_supports_and_grows_with_the_rows()
    {
        using var flow = Flow.Recommended<double>(2, rows: 20_000, supports: [Support.Interval(0, 1), Support.Positive]);
        var density = new double[2];
        flow.LogDensity([0.5, 1, 1.5, 1], density);
        Assert.That(double.IsFinite(density[0]));
        Assert.That(density[1], Is.EqualTo(double.NegativeInfinity));
        using var small = Flow.Recommended<float>(5, rows: 20_000, contextFeatures: 1);
        using var large = Flow.Recommended<float>(5, rows: 1_000_000, contextFeatures: 1);
        Assert.That(large.Parameters.Length, Is.GreaterThan(small.Parameters.Length));
        Assert.That(() => Flow.Recommended<double>(2, rows: 100, supports: [Support.Real]), Throws.ArgumentException);
    }

    private static float DensityAt(Flow<float> model, float x)
    {
        var density = new float[1];
        model.LogDensity([x], density);
        return density[0];
    }

    private static ReadOnlyTensorSpan<float> Matrix(float[] numbers, int columns) => new(numbers, [numbers.Length / columns, columns]);

    private static float[] Uniform(int columns, ulong seed)
    {
        var numbers = new float[Rows * columns];
        new RandomStream(seed).FillUniform<float>(numbers);
        return numbers;
    }

    private static float[] Normal(int columns, ulong seed)
    {
        var numbers = new float[Rows * columns];
        new RandomStream(seed).FillNormal<float>(numbers);
        return numbers;
    }
}
