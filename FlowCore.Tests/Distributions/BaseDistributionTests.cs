using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

[TestFixture]
public sealed class BaseDistributionTests
{
    private static Flow<double> On(BaseDistribution<double> noise) => new(noise, new Composition<double>(noise.Features));

    [Test]
    public void Standard_normal_has_the_density_of_its_formula()
    {
        using var model = On(new StandardNormal<double>(2));
        var density = new double[2];
        model.LogDensity([0, 0, 1.5, -2], density);
        Assert.That(density[0], Is.EqualTo(-Math.Log(2 * Math.PI)).Within(1e-14));
        Assert.That(density[1], Is.EqualTo(-Math.Log(2 * Math.PI) - ((2.25 + 4) / 2)).Within(1e-14));
    }

    [Test]
    public void Diagonal_normal_has_the_density_of_its_formula()
    {
        using var model = On(new DiagonalNormal<double>([1, -3], [0.5, 4]));
        var density = new double[1];
        model.LogDensity([2, 1], density);
        // z = (2, 1): −ln 2π − ln 0.5 − ln 4 − (4 + 1)/2.
        Assert.That(density[0], Is.EqualTo(-Math.Log(2 * Math.PI) - Math.Log(2) - 2.5).Within(1e-13));
    }

    [Test]
    public void Uniform_box_has_its_volume_inside_and_nothing_outside()
    {
        using var model = On(new UniformBox<double>([0, -1], [2, 3]));
        var density = new double[7];
        model.LogDensity([1, 0, 0, -1, 2, 3, -1e-12, 0, 1, 3.5, 5e10, 0, 2.0000001, 0], density);
        Assert.That(density[..3], Is.All.EqualTo(-Math.Log(8)).Within(1e-15));
        Assert.That(density[3..], Is.All.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Samples_have_the_moments_of_the_distribution()
    {
        const int Rows = 200_000;
        using var normal = On(new DiagonalNormal<double>([1, -3], [0.5, 4]));
        using var box = On(new UniformBox<double>([0, -1], [2, 3]));
        var x = new double[2 * Rows];
        normal.Sample(new RandomStream(1), 0, x, default);
        // Means of 200,000 draws scatter by scale / 447, deviations by about the same: five times that.
        var found = LocationScale.FromData<double>(x, 2);
        Assert.That(found.Location[0], Is.EqualTo(1).Within(5 * 0.5 / 447));
        Assert.That(found.Location[1], Is.EqualTo(-3).Within(5 * 4.0 / 447));
        Assert.That(found.Scale[0], Is.EqualTo(0.5).Within(5 * 0.5 / 447));
        Assert.That(found.Scale[1], Is.EqualTo(4).Within(5 * 4.0 / 447));
        box.Sample(new RandomStream(1), 0, x, default);
        found = LocationScale.FromData<double>(x, 2);
        Assert.That(found.Location[0], Is.EqualTo(1).Within(5 * 0.58 / 447));
        Assert.That(found.Location[1], Is.EqualTo(1).Within(5 * 1.16 / 447));
        Assert.That(found.Scale[0], Is.EqualTo(2 / Math.Sqrt(12)).Within(5 * 0.58 / 447));
        Assert.That(x.Min(), Is.InRange(-1, -0.99));
        Assert.That(x.Max(), Is.InRange(2.99, 3));
    }

    [Test]
    public void A_learnable_normal_gets_gradients_and_a_fixed_one_does_not()
    {
        using var fixedModel = On(new DiagonalNormal<double>([1], [0.5]));
        Assert.That(fixedModel.Parameters.Parameters, Is.Empty);
        using var model = On(new DiagonalNormal<double>([1], [0.5], learnable: true));
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(model.Parameters.Length);
        tape.Begin(1, model.Parameters, gradients);
        tape.Backward(model.LogDensity(tape.Input([2], 1)), [1]);
        var all = new double[model.Parameters.Length];
        kernels.Read(gradients, 0, all);
        // z = 2: ∂/∂μ = z/σ = 4, ∂/∂ln σ = z² − 1 = 3.
        Assert.That(all[model.Parameters.Parameters[0].Offset], Is.EqualTo(4).Within(1e-13));
        Assert.That(all[model.Parameters.Parameters[1].Offset], Is.EqualTo(3).Within(1e-13));
    }

    [Test]
    public void Constants_out_of_range_are_refused()
    {
        Assert.That(() => new DiagonalNormal<double>([0], [0]), Throws.ArgumentException.With.Property("ParamName").EqualTo("scale"));
        Assert.That(() => new DiagonalNormal<double>([0], [1, 1]), Throws.ArgumentException.With.Property("ParamName").EqualTo("scale"));
        Assert.That(() => new UniformBox<double>([1], [1]), Throws.ArgumentException.With.Property("ParamName").EqualTo("upper"));
        Assert.That(() => new StandardNormal<double>(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
