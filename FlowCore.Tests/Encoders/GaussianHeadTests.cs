using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>Flows that are regressions: the mean squared error to the bit, the noise that depends on the observation, full covariances.</summary>
[TestFixture]
internal sealed class GaussianHeadTests
{
    [Test]
    public void A_flow_of_shifts_trains_to_the_bits_of_the_mean_squared_error()
    {
        var weights = new List<float[]>();
        foreach (var objective in (IObjective<float>?[])[null, new SquaredError<float>()])
        {
            using var model = GaussianHeads.MeanOnly(new MlpEncoder<float>(1, 4, [8]), features: 2);
            var (o, y) = (new float[700], new float[1400]);
            new RandomStream(1).FillNormal<float>(o);
            new RandomStream(2).FillNormal<float>(y);
            var data = new ArrayData<float>(y, 2, o, 1);
            model.Fit(data, new TrainingOptions { Epochs = 3, BatchSize = 300, Seed = 4, Warn = null }, validation: null, objective);
            weights.Add([.. model.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())]);
        }

        Assert.That(weights[1], Is.EqualTo(weights[0]));
    }

    [Test]
    public void Their_gradients_are_the_same_bits_and_their_losses_differ_by_the_constant()
    {
        using var model = GaussianHeads.MeanOnly(new MlpEncoder<double>(1, 4, [8]), features: 2);
        var (o, y) = (new double[50], new double[100]);
        new RandomStream(1).FillNormal<double>(o);
        new RandomStream(2).FillNormal<double>(y);
        var (density, squares) = (LossOf(model, o, y, null), LossOf(model, o, y, new SquaredError<double>()));
        foreach (var (name, gradient) in density.Gradients)
            Assert.That(squares.Gradients[name].ToArray(), Is.EqualTo(gradient.ToArray()), name);
        Assert.That(density.Loss - squares.Loss, Is.EqualTo(Math.Log(2 * Math.PI)).Within(1e-13));
    }

    // y = sin o + (0.1 + 0.2 o²) ε, o ~ U(−1, 1): the loss has its minimum ½ ln 2πe + E ln(0.1 + 0.2 o²) at the truth.
    [Test]
    public void The_noise_of_a_regression_is_learnt_to_the_entropy()
    {
        using var model = GaussianHeads.Heteroscedastic(new MlpEncoder<double>(1, 8, [24, 24]), features: 1);
        var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = 1500, BatchSize = 512, Optimiser = OptimiserSettings.Adam(0.01), Seed = 1, Warn = null };
        model.Fit(new CurveSource(), options);
        const int Points = 401;
        var (o, zero, one, atZero, atOne) = (new double[Points], new double[Points], new double[Points], new double[Points], new double[Points]);
        Array.Fill(one, 1);
        for (var i = 0; i < Points; i++)
            o[i] = -1 + (2.0 * (i + 0.5) / Points);
        model.ToNoise(zero, o, atZero, default);
        model.ToNoise(one, o, atOne, default);
        var excess = 0.0;
        for (var i = 0; i < Points; i++)
        {
            // The loss at o less the least one is the divergence of two normal distributions.
            var (sigma, truth) = (1 / (atOne[i] - atZero[i]), CurveSource.Deviation(o[i]));
            var mean = -atZero[i] * sigma;
            var distance = mean - Math.Sin(o[i]);
            excess += (Math.Log(sigma / truth) + (((truth * truth) + (distance * distance)) / (2 * sigma * sigma)) - 0.5) / Points;
        }

        TestContext.Out.WriteLine($"excess {excess:g3} nats");
        Assert.That(excess, Is.InRange(0, 2e-3));
    }

    [Test]
    public void The_weighted_likelihood_is_the_likelihood_at_0_and_gives_the_mean_the_gradient_of_the_squared_error_at_1()
    {
        using var model = GaussianHeads.Heteroscedastic(new MlpEncoder<double>(1, 4, [8]), features: 2, new([0.3, -1], [2, 0.5]));
        var (o, y) = (new double[50], new double[100]);
        new RandomStream(1).FillNormal<double>(o);
        new RandomStream(2).FillNormal<double>(y);
        var (density, unweighted, full) = (LossOf(model, o, y, null), LossOf(model, o, y, new BetaLikelihood<double>(0)), LossOf(model, o, y, new BetaLikelihood<double>(1)));
        Assert.That(unweighted.Loss, Is.EqualTo(density.Loss).Within(1e-12));
        foreach (var (name, gradient) in density.Gradients)
            Assert.That(unweighted.Gradients[name].ToArray(), Is.EqualTo(gradient.ToArray()).Within(1e-13), name);

        // ∂/∂μ of σ² ½ ((y − μ)/σ)² is μ − y, the mean of standardised labels and codes: of the bias of μ, the mean of it.
        var (zero, noise, mean) = (new double[100], new double[100], new double[2]);
        model.FromNoise(zero, o, noise, default);
        for (var i = 0; i < 100; i++)
            mean[i % 2] += (noise[i] - y[i]) / (i % 2 == 0 ? 2 : 0.5) / 50;
        var bias = full.Gradients["head.hyper.0.bias"].ToArray();
        Assert.That(bias.Take(2), Is.EqualTo(mean).Within(1e-13));
        Assert.That(() => new BetaLikelihood<double>(1.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        using var other = GaussianHeads.MeanOnly(new MlpEncoder<double>(1, 4, [8]), features: 2);
        Assert.That(() => LossOf(other, o, y, new BetaLikelihood<double>()), Throws.Exception.With.Message.Contains("heteroscedastic"));
    }

    [Test]
    public void A_full_covariance_is_that_of_its_factor()
    {
        using var model = GaussianHeads.FullCovariance(new MlpEncoder<double>(1, 4, [8]), features: 3);
        var (z, x) = (new double[12], new double[12]);
        for (var j = 0; j < 3; j++)
            z[(3 * (j + 1)) + j] = 1;
        double[] context = [0.4];
        model.FromNoise(z, context, x, default);

        // Rows 1 to 3 less row 0 are the columns of L: ln q(y) with L Lᵀ, by the formula.
        var l = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                l[i, j] = x[(3 * (j + 1)) + i] - x[i];
        }

        Assert.That((l[0, 1], l[0, 2], l[1, 2]), Is.EqualTo((0, 0, 0)));
        double[] y = [0.3, -1, 2];
        var (expected, residual) = (-1.5 * Math.Log(2 * Math.PI), new double[3]);
        for (var i = 0; i < 3; i++)
        {
            residual[i] = y[i] - x[i];
            for (var j = 0; j < i; j++)
                residual[i] -= l[i, j] * residual[j];
            residual[i] /= l[i, i];
            expected -= Math.Log(l[i, i]) + (0.5 * residual[i] * residual[i]);
        }

        var actual = new double[1];
        model.LogDensity(y, context, actual);
        Assert.That(actual[0], Is.EqualTo(expected).Within(1e-12));
    }

    private static LossGradient<double> LossOf(DensityModel<double> model, double[] o, double[] y, IObjective<double>? objective)
    {
        var rows = System.Numerics.Tensors.Tensor.Create(y, [y.Length / 2, 2]);
        return model.LossGradient(rows.AsReadOnlyTensorSpan(), System.Numerics.Tensors.Tensor.Create(o, [o.Length, 1]).AsReadOnlyTensorSpan(), objective: objective);
    }

    // ½|y − μ|², without a scale of 1 and without the constant.
    private sealed class SquaredError<T> : IObjective<T>
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions) =>
            model.ToNoise(x, conditions, out _).Square().SumColumns() * T.CreateTruncating(0.5);
    }

    private sealed class CurveSource : ITrainingData<double>
    {
        public long? Rows => null;

        public static double Deviation(double o) => 0.1 + (0.2 * o * o);

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
        {
            request.BatchStream().Substream(0).FillUniform(context, (ulong)request.FirstRow);
            request.BatchStream().Substream(1).FillNormal(x, (ulong)request.FirstRow);
            for (var i = 0; i < x.Length; i++)
            {
                context[i] = (2 * context[i]) - 1;
                x[i] = Math.Sin(context[i]) + (Deviation(context[i]) * x[i]);
            }
        }
    }
}
