using FlowCore.Compute;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class OptimiserSettingsTests
{
    private static readonly double[] _start = [0.5, -1.25, 2.0];

    private static readonly double[][] _gradients =
    [
        [0.1, -0.2, 0.3], [-0.4, 0.05, 0.25], [0.02, 0.6, -0.7], [0.3, -0.1, 0.0], [0.15, 0.25, -0.35], [-0.2, 0.4, 0.1], [0.05, -0.3, 0.2],
    ];

    // Weights after updates 1, 3 and 7, computed in float64 with torch.optim of PyTorch 1.13 for the gradients above. The
    // sixth step of RAdam with beta 2 = 0.999 is the first that is rectified.
    private static IEnumerable<TestCaseData> Cases()
    {
        yield return new TestCaseData(
            OptimiserSettings.Sgd(0.1, momentum: 0.9, weightDecay: 0.02),
            new[] { 0.489, -1.2275, 1.966 },
            new[] { 0.541295556, -1.25144091, 1.919076264 },
            new[] { 0.49267244628378437, -1.436354164838834, 1.9788741840554116 }).SetArgDisplayNames("SGD with momentum");
        yield return new TestCaseData(
            OptimiserSettings.Sgd(0.1),
            new[] { 0.49, -1.23, 1.97 },
            new[] { 0.528, -1.295, 2.015 },
            new[] { 0.498, -1.32, 2.02 }).SetArgDisplayNames("SGD");
        yield return new TestCaseData(
            OptimiserSettings.Adam(0.05, weightDecay: 0.02),
            new[] { 0.45000000454545414, -1.2000000022222221, 1.9500000014705883 },
            new[] { 0.49505356584685184, -1.1925334210052416, 1.9054362629127926 },
            new[] { 0.4710705826026533, -1.2607163702192574, 1.9248540180037406 }).SetArgDisplayNames("Adam");
        yield return new TestCaseData(
            OptimiserSettings.AdamW(0.05, weightDecay: 0.02),
            new[] { 0.44950000499999954, -1.1987500025, 1.9480000016666665 },
            new[] { 0.4965997712711842, -1.1972231659880304, 1.903843369271313 },
            new[] { 0.47875258412663835, -1.273779494094785, 1.936039209667286 }).SetArgDisplayNames("AdamW");
        yield return new TestCaseData(
            OptimiserSettings.RAdam(0.05, weightDecay: 0.02),
            new[] { 0.4945, -1.23875, 1.983 },
            new[] { 0.5064404164886386, -1.2417559164400853, 1.9696228826956692 },
            new[] { 0.5017202812478109, -1.2519302160588504, 1.975370144420961 }).SetArgDisplayNames("RAdam");
    }

    [TestCaseSource(nameof(Cases))]
    public void The_updates_are_those_of_torch(OptimiserSettings settings, double[] first, double[] third, double[] seventh)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var weights = kernels.Allocate(3);
        using var gradients = kernels.Allocate(3);
        using var firstMoment = kernels.Allocate(3);
        using var secondMoment = kernels.Allocate(3);
        kernels.Write(_start, weights, 0);
        var result = new double[3];
        for (var i = 0; i < _gradients.Length; i++)
        {
            kernels.Write(_gradients[i], gradients, 0);
            kernels.OptimiserSweep(
                settings.StepOf(i + 1, settings.LearningRate, 1), weights, gradients, firstMoment, secondMoment, 0, 3);
            kernels.Read(weights, 0, result);
            var expected = i switch { 0 => first, 2 => third, 6 => seventh, _ => null };
            // Seven updates of order 0.1 in another order of operations: some tens of roundings of 10⁻¹⁶.
            if (expected is not null)
                Assert.That(result, Is.EqualTo(expected).Within(1e-14), $"after update {i + 1}");
        }
    }

    [Test]
    public void The_gradient_scale_acts_before_everything_else()
    {
        var settings = OptimiserSettings.Adam(0.05, weightDecay: 0.02);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var weights = kernels.Allocate(3);
        using var gradients = kernels.Allocate(3);
        using var firstMoment = kernels.Allocate(3);
        using var secondMoment = kernels.Allocate(3);
        kernels.Write(_start, weights, 0);
        var result = new double[3];
        for (var i = 0; i < 3; i++)
        {
            double[] fourfold = [4 * _gradients[i][0], 4 * _gradients[i][1], 4 * _gradients[i][2]];
            kernels.Write(fourfold, gradients, 0);
            kernels.OptimiserSweep(settings.StepOf(i + 1, 0.05, 0.25), weights, gradients, firstMoment, secondMoment, 0, 3);
        }

        kernels.Read(weights, 0, result);
        double[] third = [0.49505356584685184, -1.1925334210052416, 1.9054362629127926];
        Assert.That(result, Is.EqualTo(third).Within(1e-14));
    }

    [Test]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => OptimiserSettings.Sgd(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("learningRate"));
            Assert.That(() => OptimiserSettings.Sgd(1, momentum: 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("momentum"));
            Assert.That(() => OptimiserSettings.Adam(1, beta2: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OptimiserSettings.AdamW(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OptimiserSettings.RAdam(1, epsilon: -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("epsilon"));
            Assert.That(() => OptimiserSettings.AdamW(1, weightDecay: double.PositiveInfinity), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("weightDecay"));
        });
    }

    [Test]
    public void The_defaults_are_those_of_torch()
    {
        var adamW = OptimiserSettings.AdamW();
        Assert.Multiple(() =>
        {
            Assert.That(adamW.LearningRate, Is.EqualTo(1e-3));
            Assert.That(adamW.Momentum, Is.EqualTo(0.9));
            Assert.That(adamW.SecondMomentum, Is.EqualTo(0.999));
            Assert.That(adamW.Epsilon, Is.EqualTo(1e-8));
            Assert.That(adamW.WeightDecay, Is.EqualTo(0.01));
            Assert.That(OptimiserSettings.Adam().WeightDecay, Is.Zero);
            Assert.That(OptimiserSettings.RAdam().WeightDecay, Is.Zero);
            Assert.That(OptimiserSettings.Sgd().Momentum, Is.Zero);
        });
    }
}
