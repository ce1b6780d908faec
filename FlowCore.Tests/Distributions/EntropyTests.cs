using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

/// <summary>The gradient of an entropy through samples: that of x = a z + b is 1/a by a and 0 by b.</summary>
[TestFixture]
internal sealed class EntropyTests
{
    [TestCase(0.25)]
    [TestCase(3)]
    public void The_entropy_of_a_scaled_normal_distribution_grows_as_one_over_the_scale(double a)
    {
        // z = e^s x + t has a = e^−s, so dH/ds = −a dH/da = −1, whatever the draws are: the density of a sample is that of its noise over a.
        const int Rows = 50;
        var norm = new ActNorm<double>(1, "norm", isStarted: true);
        norm.Parameters[0].Write([-Math.Log(a)]);
        norm.Parameters[1].Write([0.7]);
        using var flow = new Flow<double>(new StandardNormal<double>(1), norm);
        var z = new double[Rows];
        new RandomStream(3).FillNormal<double>(z);
        foreach (var byDensity in (bool[])[true, false])
        {
            using var kernels = Device.Cpu.CreateKernels<double>();
            using var tape = new Tape<double>(kernels);
            using var gradients = kernels.Allocate(flow.Parameters.Length);
            tape.Begin(Rows, flow.Parameters, gradients);
            var x = flow.FromNoise(tape.Input(z, 1), default, out var logDet);

            // −ln p(x), or ln |∂x/∂z|, which differs from it by the noise alone.
            var entropy = byDensity ? -flow.LogDensity(x) : logDet;
            tape.Backward(entropy, [.. Enumerable.Repeat(1.0 / Rows, Rows)]);
            var gradient = new double[2];
            kernels.Read(gradients, 0, gradient);
            Assert.That(-gradient[0] / a, Is.EqualTo(1 / a).Within(1e-12), $"dH/da, by the density: {byDensity}");
            Assert.That(gradient[1], Is.Zero.Within(1e-12), "dH/db");
        }
    }
}
