using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class DensityModelFitTests
{
    private const int Rows = 20_000;

    [Test]
    public void A_Gaussian_is_recovered_within_its_statistical_error()
    {
        double[] location = [0.4, -1.3];
        double[] scale = [0.5, 1.7];
        // The last weights: the best of the validation's would carry the statistical error of its few rows.
        var options = new TrainingOptions { Epochs = 30, Optimiser = OptimiserSettings.AdamW(2e-2), EarlyStopping = null, RestoreBest = false };
        using var model = new ShiftScaleModel(Device.Cpu);
        var result = model.Fit(Samples(location, scale), options: options);
        for (var j = 0; j < 2; j++)
        {
            // 18,000 rows train: the location is known to scale/√n and the log-scale to 1/√(2n). Five of these, and
            // AdamW's decay of 0.01, which pulls a weight by about as much.
            var error = scale[j] / Math.Sqrt(0.9 * Rows);
            Assert.That(model.Location.Values[j], Is.EqualTo(location[j]).Within(6 * error));
            Assert.That(model.LogScale.Values[j], Is.EqualTo(Math.Log(scale[j])).Within(6 / Math.Sqrt(1.8 * Rows)));
        }

        Assert.Multiple(() =>
        {
            Assert.That(result.Warnings, Is.Empty);
            // The entropy of the two normals; the mean of 2,000 validation rows is known to 1/√2,000 = 0.022, times five.
            var entropy = Math.Log(scale[0] * scale[1]) + Math.Log(2 * Math.PI * Math.E);
            Assert.That(result.BestValidationLoss, Is.EqualTo(entropy).Within(0.11));
        });
    }

    [Test]
    public void The_same_seed_fits_to_the_same_bits_and_another_does_not()
    {
        var samples = Samples([0, 0], [1, 2]);
        var options = new TrainingOptions { Epochs = 2 };
        var first = Fitted(options);
        Assert.That(Fitted(options), Is.EqualTo(first));
        Assert.That(Fitted(options with { Seed = 1 }), Is.Not.EqualTo(first));

        double[] Fitted(TrainingOptions how)
        {
            using var model = new ShiftScaleModel(Device.Cpu);
            model.Fit(samples, options: how);
            return model.Weights();
        }
    }

    [Test]
    public void Context_nuisances_and_weights_reach_the_model()
    {
        // Rows of weight 0 lie far away; the others are exactly context + nuisance + 1.
        const int n = 400;
        var x = new double[n];
        var context = new double[n];
        var weights = new double[n];
        new RandomStream(2).FillNormal<double>(context);
        for (var i = 0; i < n; i++)
        {
            weights[i] = i % 2;
            x[i] = i % 2 == 0 ? 1000 : context[i] + 0.5 + 1;
        }

        double[] shared = [0.5];
        using var model = new ShiftScaleModel(Device.Cpu, 1, 1, 1);
        model.LogScale.Trainable = false;
        model.Fit(
            Tensor.Create(x, [n, 1]),
            Tensor.Create(context, [n, 1]),
            Tensor.Create(shared, [1, 1]),
            Tensor.Create(weights, [n]),
            new TrainingOptions { Epochs = 50, Optimiser = OptimiserSettings.Sgd(0.5), Schedule = new ConstantSchedule() });
        // The gradient vanishes at 1 without noise, and every step halves the distance. The loss is flat there: epochs whose
        // weights differ by the root of 10⁻¹⁶ are equally good, and the first of them is the best.
        Assert.That(model.Location.Values[0], Is.EqualTo(1).Within(3e-8));
    }

    [Test]
    public void Features_far_from_order_one_are_named_in_a_warning()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        var result = model.Fit(Samples([0, 1200], [1, 300]), options: new TrainingOptions { Epochs = 1 });
        Assert.That(result.Warnings, Has.Count.EqualTo(1));
        Assert.That(result.Warnings[0].Text, Does.StartWith("Feature 1 has mean 1").And.Contain("tandardis"));
    }

    [Test]
    public void A_tenth_is_held_out_by_default_and_nothing_on_demand()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        var samples = Samples([0, 0], [1, 1]);
        Assert.That(model.Fit(samples, options: new TrainingOptions { Epochs = 1 }).BestEpoch, Is.Zero);
        var all = model.Fit(samples, options: new TrainingOptions { Epochs = 1, ValidationFraction = 0 });
        Assert.That(all.BestEpoch, Is.Null);
        Assert.That(all.ValidationLoss, Is.NaN);
    }

    [Test]
    public void Samples_of_the_wrong_shape_are_refused()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Fit(Tensor.Create(new double[6], [2, 3])), Throws.ArgumentException.With.Property("ParamName").EqualTo("samples"));
            Assert.That(() => model.Fit(Tensor.Create(new double[6], [3, 2]), Tensor.Create(new double[3], [3, 1])), Throws.ArgumentException);
            Assert.That(() => model.Fit(Tensor.Create(Array.Empty<double>(), [0, 2])), Throws.ArgumentException);
        });
    }

    private static Tensor<double> Samples(double[] location, double[] scale)
    {
        var rows = new double[Rows * 2];
        new RandomStream(11).FillNormal<double>(rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = location[i % 2] + (scale[i % 2] * rows[i]);
        return Tensor.Create(rows, [Rows, 2]);
    }
}
