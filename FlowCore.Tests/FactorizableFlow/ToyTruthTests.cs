using FactorizableFlow.Generator;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class ToyTruthTests
{
    private static readonly GeneratorSettings _everything = new()
    {
        ShiftDirection = new(3, -4),
        VariationShift = 0.8,
        VariationRotation = -0.6,
        VariationSqueeze = 0.7,
        YShiftScale = 0.3,
        YSqueezeScale = 0.2,
        DistortionStrength = 0.4,
        DistortionShiftScale = 0.5,
        DistortionSqueezeScale = 0.3,
        SigmoidY = true,
    };

    [TestCase(0, 0, 0)]
    [TestCase(1, 0, 0)]
    [TestCase(-1, 1, 2)]
    [TestCase(2, -2, 0.5)]
    public void The_entropy_of_x_given_the_class_is_1_816226_at_every_nu(double shift, double squeeze, double rotation)
    {
        var truth = new ToyTruth(GeneratorSettings.Study.At(shift, squeeze) with { VariationRotation = rotation });
        // The number in closed form, and the negative mean log-density by quadrature: both in double.
        Assert.That(truth.EntropyX, Is.EqualTo(1.816226).Within(5e-7));
        double entropy = 0;
        for (var label = 0; label < 2; label++)
        {
            var mean = truth.MeanX(label);
            var width = truth.StandardDeviationX(label);
            const int n = 200;
            const double reach = 10;
            var cell = 4 * reach * reach * width.First * width.Second / (n * n);
            for (var i = 0; i < n * n; i++)
            {
                var x1 = mean.First + (width.First * reach * ((((i / n) + 0.5) * 2 / n) - 1));
                var x2 = mean.Second + (width.Second * reach * ((((i % n) + 0.5) * 2 / n) - 1));
                var logDensity = truth.LogDensityX(x1, x2, label);
                entropy -= 0.5 * cell * Math.Exp(logDensity) * logDensity;
            }
        }

        // The midpoint rule of a smooth, decaying integrand converges faster than any power; 10 sigmas leave out 1e-22.
        Assert.That(entropy, Is.EqualTo(truth.EntropyX).Within(1e-9));
    }

    [Test]
    public void Class_A_stretches_along_x1_and_class_B_along_x2_when_squeezed()
    {
        var truth = new ToyTruth(GeneratorSettings.Study.At(0, 1));
        Assert.Multiple(() =>
        {
            Assert.That(truth.StandardDeviationX(0).First, Is.EqualTo(0.9 * Math.Exp(0.2)).Within(1e-15));
            Assert.That(truth.StandardDeviationX(0).Second, Is.EqualTo(0.6 * Math.Exp(-0.2)).Within(1e-15));
            Assert.That(truth.StandardDeviationX(1).First, Is.EqualTo(0.6 * Math.Exp(-0.2)).Within(1e-15));
            Assert.That(truth.StandardDeviationX(1).Second, Is.EqualTo(0.4 * Math.Exp(0.2)).Within(1e-15));
        });
    }

    [Test]
    public void The_shift_moves_the_classes_apart_along_its_unit_direction()
    {
        var truth = new ToyTruth(GeneratorSettings.Study.At(1, 0) with { ShiftDirection = new(3, 4) });
        Assert.Multiple(() =>
        {
            Assert.That(truth.MeanX(0).First, Is.EqualTo(-0.5 - 0.18).Within(1e-15));
            Assert.That(truth.MeanX(0).Second, Is.EqualTo(-0.24).Within(1e-15));
            Assert.That(truth.MeanX(1).First, Is.EqualTo(0.5 + 0.18).Within(1e-15));
            Assert.That(truth.MeanX(1).Second, Is.EqualTo(0.24).Within(1e-15));
        });
    }

    // Values by hand from the definition, at x = (0, 0): sin and tanh vanish.
    [Test]
    public void The_conditional_of_y_at_the_origin_has_the_values_of_its_definition()
    {
        var y = new ToyTruth(GeneratorSettings.Study.At(1, 1)).ConditionalY(0, 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(y.Mean, Is.EqualTo(new Point2(0, -1.2)));
            Assert.That(y.Sigma.First, Is.EqualTo(Math.Log(1 + Math.Exp(0.1)) * Math.Exp(0.2)).Within(1e-15));
            Assert.That(y.Sigma.Second, Is.EqualTo(Math.Log(1 + Math.Exp(0.4)) * Math.Exp(-0.2)).Within(1e-15));
            Assert.That(y.Correlation, Is.Zero);
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    public void The_y_systematics_act_with_the_sign_of_the_class(int label)
    {
        double sign = label == 0 ? -1 : 1;
        var nominal = new ToyTruth(GeneratorSettings.Study).ConditionalY(0.7, -0.3, label);
        var moved = new ToyTruth(GeneratorSettings.Study.At(1, 1)).ConditionalY(0.7, -0.3, label);
        Assert.Multiple(() =>
        {
            Assert.That(moved.Mean.First - nominal.Mean.First, Is.EqualTo(sign * 0.3 * Math.Tanh(0.7)).Within(1e-15));
            Assert.That(moved.Mean.Second - nominal.Mean.Second, Is.EqualTo(-sign * 0.3 * Math.Tanh(0.7)).Within(1e-15));
            Assert.That(moved.Sigma.First / nominal.Sigma.First, Is.EqualTo(Math.Exp(sign * 0.2)).Within(1e-15));
            Assert.That(moved.Sigma.Second / nominal.Sigma.Second, Is.EqualTo(Math.Exp(-sign * 0.2)).Within(1e-15));
            Assert.That(moved.Correlation, Is.EqualTo(nominal.Correlation));
        });
    }

    [TestCase(0, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    public void The_density_of_y_integrates_to_one_with_distortion_and_logistic_map(int label, bool sigmoid)
    {
        var truth = new ToyTruth(_everything with { SigmoidY = sigmoid });
        const int n = 400;
        double sum = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                // The grid is even in y before the logistic map, whose Jacobian is then part of the cell.
                var y1 = ((i + 0.5) * 24 / n) - 12;
                var y2 = ((j + 0.5) * 24 / n) - 12;
                var cell = 24.0 * 24 / (n * n);
                if (sigmoid)
                {
                    y1 = 1 / (1 + Math.Exp(-y1));
                    y2 = 1 / (1 + Math.Exp(-y2));
                    cell *= y1 * (1 - y1) * y2 * (1 - y2);
                }

                sum += cell * Math.Exp(truth.LogDensityY(y1, y2, 0.6, -0.4, label));
            }
        }

        Assert.That(sum, Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_logistic_y_outside_the_unit_square_has_no_density() =>
        Assert.That(new ToyTruth(_everything).LogDensityY(1, 0.5, 0, 0, 0), Is.EqualTo(double.NegativeInfinity));

    [Test]
    public void A_label_that_is_no_class_is_refused() =>
        Assert.That(() => new ToyTruth(_everything).LogDensityX(0, 0, 2), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_width_that_is_not_positive_is_refused_by_its_key() =>
        Assert.That(
            () => new ToyTruth(new GeneratorSettings { SigmaB = new(0.6, 0) }),
            Throws.ArgumentException.With.Message.Contains("sigma_B").And.Message.Contains("(0.6, 0)"));

    [Test]
    public void A_shear_that_folds_the_plane_is_refused() =>
        Assert.That(
            () => new ToyTruth(_everything with { DistortionSqueezeScale = 6 }),
            Throws.ArgumentException.With.Message.Contains("distortion_squeeze_scale"));
}
