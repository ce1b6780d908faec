using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

/// <summary>Mixtures of flows: the density of the sum, samples of the components in the right proportion.</summary>
[TestFixture]
internal sealed class MixtureOfFlowsTests
{
    [Test]
    public void The_density_is_the_weighted_sum()
    {
        using var flow = Create(out _);
        double[] x = [-3, -2, 0, 1.5, 30];
        var density = new double[x.Length];
        flow.LogDensity(x, density);
        for (var i = 0; i < x.Length; i++)
        {
            // w = (1/5, 4/5); z = x e^a + t: N(−2, ½) and N(2, 1), whose densities are added here as such.
            var first = Math.Log(0.2) - (2 * (x[i] + 2) * (x[i] + 2)) + Math.Log(2);
            var second = Math.Log(0.8) - (0.5 * (x[i] - 2) * (x[i] - 2));
            var larger = Math.Max(first, second);
            var expected = larger + Math.Log(Math.Exp(first - larger) + Math.Exp(second - larger)) - (0.5 * Math.Log(2 * Math.PI));
            Assert.That(density[i], Is.EqualTo(expected).Within(1e-12 * (1 + Math.Abs(expected))));
        }
    }

    [Test]
    public void Samples_come_from_the_components_in_proportion()
    {
        const int Count = 20_000;
        using var flow = Create(out _);
        var x = new double[Count];
        flow.Sample(new RandomStream(11), 0, x, default);
        // At 0 both normal distributions have their tails: 0.2 Φ(4) + 0.8 Φ(−2) = 0.2182.
        const double Expected = 0.2 + (0.8 * 0.02275);
        var deviation = Math.Sqrt(Expected * (1 - Expected) / Count);
        Assert.That(x.Count(value => value < 0) / (double)Count, Is.EqualTo(Expected).Within(4 * deviation));
    }

    [Test]
    public void Weights_have_a_gradient_of_the_density_and_none_of_samples()
    {
        using var flow = Create(out var mixture);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        var logits = new double[2];
        tape.Begin(3, flow.Parameters, gradients);
        tape.Backward(flow.LogDensity(tape.Input([-2, -2, -2], 1)), [1, 1, 1]);
        kernels.Read(gradients, mixture.Parameters[0].Offset, logits);

        // ∂ ln p/∂ ln w_k = the share of k − w_k: at −2 all is of the first, but e^−8 or so of the second.
        Assert.That(logits[0], Is.EqualTo(3 * 0.8).Within(1e-2));
        Assert.That(logits[1], Is.EqualTo(-logits[0]).Within(1e-12));
        kernels.Write(new double[flow.Parameters.Length], gradients, 0);
        tape.Begin(3, flow.Parameters, gradients);
        tape.Backward(mixture.Draw(tape, new RandomStream(1), 0), [1, 1, 1]);
        kernels.Read(gradients, mixture.Parameters[0].Offset, logits);
        Assert.That(logits, Is.All.Zero);
        var all = new double[flow.Parameters.Length];
        kernels.Read(gradients, 0, all);
        Assert.That(all, Has.Some.Not.Zero);
    }

    [Test]
    public void A_component_of_density_zero_adds_nothing_and_disturbs_no_gradient()
    {
        var inside = new Elementwise<double>(new Affine<double>(), 1, "inside");
        var mixture = new MixtureOfFlows<double>(
            [new UniformBox<double>([-1], [1]), new UniformBox<double>([-3], [3])], [inside, new Elementwise<double>(new Affine<double>(), 1, "all")]);
        using var flow = new Flow<double>(mixture, new Composition<double>(1));
        var density = new double[3];
        flow.LogDensity([0, 2, 5], density);
        Assert.That(density[0], Is.EqualTo(Math.Log((0.5 / 2) + (0.5 / 6))).Within(1e-14));
        Assert.That(density[1], Is.EqualTo(Math.Log(0.5 / 6)).Within(1e-14));
        Assert.That(density[2], Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Components_that_do_not_go_together_are_refused()
    {
        Transform<double> One(int features) => new Elementwise<double>(new Affine<double>(), features, "map");
        Assert.That(
            () => new MixtureOfFlows<double>([new StandardNormal<double>(1)], [One(1), One(1)]), Throws.ArgumentException.With.Message.Contains("got 2 for 1"));
        Assert.That(
            () => new MixtureOfFlows<double>([new StandardNormal<double>(1), new StandardNormal<double>(2)], [One(1), One(2)]),
            Throws.ArgumentException.With.Message.Contains("got 2"));
        Assert.That(
            () => new MixtureOfFlows<double>([new StandardNormal<double>(1), new UniformBox<double>([0], [1])], [One(1), One(1)]),
            Throws.ArgumentException.With.Message.Contains("Uniform"));
    }

    private static Flow<double> Create(out MixtureOfFlows<double> mixture)
    {
        var (first, second) = (new Elementwise<double>(new Affine<double>(), 1, "first"), new Elementwise<double>(new Affine<double>(), 1, "second"));
        first.Parameters[0].Write([4, Math.Log(2)]);
        second.Parameters[0].Write([-2, 0]);
        mixture = new MixtureOfFlows<double>([new StandardNormal<double>(1), new StandardNormal<double>(1)], [first, second]);
        mixture.Parameters[0].Write([0, Math.Log(4)]);
        return new Flow<double>(mixture, new Composition<double>(1));
    }
}
