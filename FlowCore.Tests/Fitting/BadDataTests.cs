using System.Numerics.Tensors;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

/// <summary>What a newcomer's data may be like: one clear error for each, before anything is trained.</summary>
[TestFixture]
internal sealed class BadDataTests
{
    private const int Rows = 400;

    private static readonly DensityFitOptions _quick = new()
    {
        Log = null,
        Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 1, HiddenSizes = [8], Bins = 4 },
        Training = new TrainingOptions { Epochs = 2, BatchSize = 128, Warn = null },
    };

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_refused_wherever_it_stands(float bad)
    {
        Assert.That(() => Fit(With(Normal(2), 10, bad), 2), Throws.ArgumentException.With.Message.Contains("row 5"));
        Assert.That(() => Fit(Normal(2), 2, context: With(Normal(1), 7, bad)), Throws.ArgumentException.With.Message.Contains("row 7"));
        Assert.That(() => Fit(Normal(2), 2, weights: With(Ones(), 7, bad)), Throws.ArgumentException.With.Message.Contains("row 7"));
    }

    [Test]
    public void Weights_that_are_negative_zero_or_of_another_shape_are_refused()
    {
        Assert.That(() => Fit(Normal(2), 2, weights: With(Ones(), 7, -1)), Throws.ArgumentException.With.Message.Contains("-1 in row 7"));
        Assert.That(() => Fit(Normal(2), 2, weights: new float[Rows]), Throws.ArgumentException.With.Message.Contains("zeros alone"));
        Assert.That(() => Fit(Normal(2), 2, weights: new float[Rows + 1]), Throws.ArgumentException.With.Message.Contains($"{Rows + 1}"));
        Assert.That(() => Fit(Normal(2), 2, weights: With(new float[Rows], 7, 1)), Throws.ArgumentException.With.Message.Contains("got 1"));
        var (x, weights) = (Normal(2), new float[Rows]);
        Assert.That(
            () => Density.Fit<float>(Matrix(x, 2), weights: Matrix(weights, 2), options: _quick),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("weights"));
    }

    [Test]
    public void Shapes_that_do_not_fit_together_are_refused()
    {
        Assert.That(() => Fit(Normal(2), 2, context: new float[Rows + 1]), Throws.ArgumentException);
        Assert.That(() => Fit([], 2), Throws.ArgumentException.With.Message.Contains("none"));
        Assert.That(() => Fit([1, 2], 2), Throws.ArgumentException.With.Message.Contains("at least 10"));
        Assert.That(
            () => Fit(Normal(2), 2, _quick with { Supports = [Support.Real, Support.Real, Support.Real] }),
            Throws.ArgumentException.With.Message.Contains("2 features, got 3"));
        Assert.That(() => Density.Fit<float>(new ReadOnlyTensorSpan<float>(new float[8], [2, 2, 2]), options: _quick), Throws.ArgumentException.With.Message.Contains("rank 3"));
    }

    [Test]
    public void Rows_that_are_all_equal_are_refused() =>
        Assert.That(() => Fit(Enumerable.Repeat(1.5f, 2 * Rows).ToArray(), 2), Throws.ArgumentException.With.Message.Contains("1.5 in every row of feature 0"));

    [Test]
    public void A_value_outside_its_support_names_row_feature_and_parameter()
    {
        foreach (var support in (Support[])[Support.Positive, Support.Interval(-1, 1), Support.Integers])
        {
            Assert.That(
                () => Fit(With(Enumerable.Repeat(1f, 2 * Rows).Select((one, i) => i % 4 < 2 ? one : 0.5f).ToArray(), 10, -7.5f), 2, _quick with { Supports = [support, Support.Real] }),
                Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("samples").And.Message.Contains("feature 0"));
        }
    }

    [Test]
    public void Whole_numbers_that_cannot_be_spread_are_refused()
    {
        var x = Array.ConvertAll(Normal(1), value => MathF.Round(3 * value));
        Assert.That(
            () => Fit(With(x, 3, 3e9f), 1, _quick with { Supports = [Support.Integers] }),
            Throws.ArgumentException.With.Message.Contains("row 3").And.Message.Contains("spread"));
    }

    [TestCase(1e30f)]
    [TestCase(-1e30f)]
    public void One_row_out_of_all_scale_is_refused_and_one_far_out_is_warned_of(float far)
    {
        Assert.That(() => Fit(With(Normal(2), 10, far), 2), Throws.ArgumentException.With.Message.Contains("row 5").And.Message.Contains("feature 0"));
        var x = With(Normal(2), 10, 500);
        using var model = Density.Fit<float>(Matrix(x, 2), out var result, options: _quick);
        Assert.That(result.Warnings, Has.Count.EqualTo(1));
        Assert.That((result.Warnings[0].Kind, result.Warnings[0].Feature, result.Warnings[0].Row), Is.EqualTo((TrainingWarningKind.Outlier, (int?)0, (long?)5)));

        // The others keep their scale: 10²/400 in the variance at the most.
        Assert.That(result.Charts[0].Scale * result.Charts[0].Stretch, Is.InRange(0.7, 1.5));
    }

    [Test]
    public void Large_and_small_numbers_of_one_scale_are_fitted()
    {
        foreach (var scale in (float[])[1e30f, 1e-30f])
        {
            using var model = Density.Fit<float>(Matrix(Array.ConvertAll(Normal(1), value => scale * value), 1), out var result, options: _quick);
            Assert.That(result.Warnings, Is.Empty);
            var density = new float[1];
            model.LogDensity([0], density);

            // Two epochs from the standardised normal distribution: its value at 0 within a nat.
            Assert.That(density[0], Is.EqualTo(-Math.Log(scale) - 0.92).Within(1));
        }
    }

    [Test]
    public void Rows_without_weight_change_no_bit()
    {
        var x = Normal(2);
        var weights = Ones().Select((one, i) => i < Rows / 2 ? one : 0).ToArray();
        var first = DensityAt(x, weights);
        for (var i = Rows; i < 2 * Rows; i++)
            x[i] = i;
        Assert.That(DensityAt(x, weights), Is.EqualTo(first));

        static float DensityAt(float[] x, float[] weights)
        {
            using var model = Density.Fit<float>(Matrix(x, 2), weights: weights, options: _quick);
            var density = new float[1];
            model.LogDensity([0.2f, 0.1f], density);
            return density[0];
        }
    }

    [Test]
    [NonParallelizable]
    public void The_log_of_null_leaves_both_consoles_empty()
    {
        var (error, output) = (Console.Error, Console.Out);
        using var written = new StringWriter();
        Console.SetError(written);
        Console.SetOut(written);
        try
        {
            // Uniform numbers with a repeated value: there is a suggestion, a warning and much that is applied.
            var x = new float[Rows];
            new RandomStream(3).FillUniform<float>(x);
            x.AsSpan(0, Rows / 10).Fill(0.5f);
            using var model = Density.Fit<float>(x, out var result, options: _quick with { Training = null });
            Assert.That(result.Warnings, Is.Not.Empty);
        }
        finally
        {
            Console.SetError(error);
            Console.SetOut(output);
        }

        Assert.That(written.ToString(), Is.Empty);
    }

    [Test]
    public void The_probabilities_of_whole_numbers_are_the_integrals_of_the_density_and_sum_to_one()
    {
        var x = Array.ConvertAll(Normal(1), value => MathF.Round(2 * value));
        using var model = Density.Fit<float>(Matrix(x, 1), options: _quick with { Supports = [Support.Integers] });
        var sum = 0.0;
        for (var n = -60; n < 60; n++)
            sum += Density.ProbabilityOfInteger(model, n);
        Assert.That(sum, Is.EqualTo(1).Within(1e-6));

        const int nodes = 400;
        var density = new float[nodes];
        model.LogDensity([.. Enumerable.Range(0, nodes).Select(i => 1 + ((i + 0.5f) / nodes))], density);

        // z in float and kinks of the density's slope in some cells of the midpoint rule: 10⁻⁵ each.
        Assert.That(Density.ProbabilityOfInteger(model, 1), Is.EqualTo(density.Average(value => Math.Exp(value))).Within(3e-5));
        Assert.That(() => Density.ProbabilityOfInteger(model, 1, [1]), Throws.ArgumentException);
        using var two = Flow.Recommended<float>(2, rows: 100);
        Assert.That(() => Density.ProbabilityOfInteger(two, 1), Throws.ArgumentException);
    }

    private static void Fit(float[] x, int columns, DensityFitOptions? options = null, float[]? context = null, float[]? weights = null)
    {
        using var model = Density.Fit<float>(Matrix(x, columns), context is null ? default : Matrix(context, 1), weights, options ?? _quick);
    }

    private static ReadOnlyTensorSpan<float> Matrix(float[] numbers, int columns) => new(numbers, [numbers.Length / columns, columns]);

    private static float[] With(float[] numbers, int place, float value)
    {
        numbers[place] = value;
        return numbers;
    }

    private static float[] Ones() => [.. Enumerable.Repeat(1f, Rows)];

    private static float[] Normal(int columns)
    {
        var numbers = new float[Rows * columns];
        new RandomStream(1).FillNormal<float>(numbers);
        return numbers;
    }
}
