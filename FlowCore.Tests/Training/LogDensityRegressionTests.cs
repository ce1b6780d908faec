using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>Training from values of a log-density.</summary>
[TestFixture]
internal sealed class LogDensityRegressionTests
{
    private static readonly TrainingOptions _oneStep = new()
    {
        Epochs = 1,
        BatchSize = 4,
        ValidationFraction = 0,
        Optimiser = OptimiserSettings.Adam(1e-9),
        Schedule = new ConstantSchedule(),
        Warn = null,
    };

    // ln p of a standard normal distribution minus these is 1, 2, 3, 6 below a common constant.
    private static readonly double[] _x = [0, 1, -1, 2];
    private static readonly double[] _offsets = [1, 2, 3, 6];

    [TestCase(RegressionLoss.Mean)]
    [TestCase(RegressionLoss.Weighted)]
    public void The_loss_is_that_of_the_formula_at_its_best_constant(RegressionLoss loss)
    {
        using var flow = Identity();
        var values = Values();
        var result = flow.FitLogDensity(Tensor.Create(_x, [4, 1]), Tensor.Create(values, [4]), loss, options: _oneStep);
        double[] weights = [.. values.Select(value => loss == RegressionLoss.Weighted ? value - values.Min() : 1)];
        var constant = Enumerable.Range(0, 4).Sum(i => weights[i] * _offsets[i]) / weights.Sum();
        var expected = Enumerable.Range(0, 4).Sum(i => weights[i] * (constant - _offsets[i]) * (constant - _offsets[i])) / 4;

        // The rate of 1e-9 moves the parameters in the ninth digit.
        Assert.That(result.Training.TrainLoss, Is.EqualTo(expected).Within(1e-12));
        Assert.That(result.Constant, Is.EqualTo(constant).Within(1e-7));
        Assert.That(result.MedianOffset, Is.EqualTo(2.5).Within(1e-7));
        Assert.That(result.OutsideRows, Is.Zero);
        Assert.That(flow.LogVolumeElement<double>(Tensor.Create(_x, [4, 1]), 2)[1], Is.EqualTo(2 - 0.5 - (0.5 * Math.Log(2 * Math.PI))).Within(1e-7));
    }

    [Test]
    public void Without_a_constant_it_is_zero()
    {
        using var flow = Identity();
        var result = flow.FitLogDensity(Tensor.Create(_x, [4, 1]), Tensor.Create(Values(), [4]), hasConstant: false, options: _oneStep);
        Assert.That(result.Training.TrainLoss, Is.EqualTo(_offsets.Sum(offset => offset * offset) / 4).Within(1e-12));
        Assert.That(result.Constant, Is.Zero);
    }

    [Test]
    public void Rows_outside_the_box_are_in_no_sum_and_leave_gradients_finite()
    {
        var x = new double[100];
        new RandomStream(1).FillUniform<double>(x);
        var values = new double[100];
        for (var i = 90; i < 100; i++)
            x[i] += 5;
        using var flow = BoundedFlow.Create<double>(new BoundedFlowSettings { Features = 1, Low = [-0.1], High = [1.1], HiddenSizes = [4] });
        var options = new TrainingOptions { Epochs = 20, BatchSize = 50, ValidationFraction = 0.1, Warn = null };
        var result = flow.FitLogDensity(Tensor.Create(x, [100, 1]), Tensor.Create(values, [100]), RegressionLoss.Mean, options: options);
        Assert.That(result.OutsideRows, Is.EqualTo(10));
        Assert.That(double.IsFinite(result.Training.TrainLoss) && double.IsFinite(result.Training.ValidationLoss) && double.IsFinite(result.Constant));
    }

    [Test]
    public void What_does_not_fit_together_is_named()
    {
        using var flow = Identity();
        using var conditional = MaskedAffineFlow.Create<double>(1, contextFeatures: 2);
        var x = Tensor.Create(_x, [4, 1]);
        Assert.That(() => flow.FitLogDensity(x, Tensor.Create(_offsets[..3], [3])), Throws.ArgumentException.With.Message.Contains("each of 4 rows, got 3"));
        Assert.That(() => flow.FitLogDensity(x, Tensor.Create([1, 2, 3, double.NegativeInfinity], [4])), Throws.ArgumentException.With.Message.Contains("row 3"));
        Assert.That(() => conditional.FitLogDensity(x, Tensor.Create(_offsets, [4])), Throws.ArgumentException.With.Message.Contains("without context"));
    }

    private static Flow<double> Identity() => new(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "map"));

    private static double[] Values() => [.. _x.Select((x, i) => (-0.5 * x * x) - (0.5 * Math.Log(2 * Math.PI)) + _offsets[i])];
}
