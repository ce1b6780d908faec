using FlowCore.Compute;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>
/// A hundred thousand draws of every ready-made flow: the first feature against its distribution function, which is an integral of the density, and the noise that they
/// come from against the base.
/// </summary>
[TestFixture]
internal sealed class SamplingStatisticsTests
{
    private const int Count = 100_000;
    private const int Nodes = 256;

    // Of 72 p-values of a correct sampler one is below this in one of fifteen seeds; the seed is fixed.
    private const double LeastP = 1e-3;

    private static readonly string[] _names = [.. ReadyMadeFlows.All<float>().Select(kind => kind.Name)];

    [TestCaseSource(nameof(_names))]
    public void Draws_have_the_distribution_function_of_the_density_and_noise_of_the_base(string name)
    {
        var kind = ReadyMadeFlows.All<float>().Single(kind => kind.Name == name);
        using var flow = Create(kind);

        // Fresh radial layers are lively; others would draw points together until a grid does not see them. Weak monotone networks would spread them as far.
        if (!name.StartsWith("radial", StringComparison.Ordinal))
            Models.Enliven(flow, name == "naf" ? 1 : 0.2);
        var (x, z) = (new float[2 * Count], new float[2 * Count]);
        flow.Sample(new RandomStream(11), 0, default, x, default);
        flow.ToNoise(x, z, default);

        // |z|² of two normal numbers is exponential with mean 2; angles are uniform.
        var (radii, firsts) = (new double[Count], new double[Count]);
        for (var row = 0; row < Count; row++)
        {
            var (a, b) = ((double)z[2 * row], (double)z[(2 * row) + 1]);
            radii[row] = kind.IsOfAngles ? 0.5 + (a / (2 * Math.PI)) : -Math.Exp(-0.5 * ((a * a) + (b * b))) + 1;
            firsts[row] = x[2 * row];
        }

        var noise = UniformityTest.Of("noise", radii);
        var marginal = UniformityTest.Of("first feature", Distribute(flow, x, firsts, kind.IsOfAngles));
        Assert.Multiple(() =>
        {
            Assert.That(noise.ChiSquareP, Is.GreaterThan(LeastP), "χ² of the noise");
            Assert.That(noise.KolmogorovP, Is.GreaterThan(LeastP), "D_KS of the noise");
            Assert.That(marginal.KolmogorovP, Is.GreaterThan(LeastP), "D_KS of the first feature");
        });
    }

    // By the trapezoid rule on a grid of the plane that holds all draws; the rest of the density is what the rule's sum lacks to 1.
    private static double[] Distribute(Flow<float> flow, float[] x, double[] firsts, bool areAngles)
    {
        var (left, right) = Range(x, 0, areAngles);
        var (low, high) = Range(x, 1, areAngles);
        var (width, height) = ((right - left) / (Nodes - 1), (high - low) / (Nodes - 1));
        var (points, densities) = (new float[2 * Nodes * Nodes], new float[Nodes * Nodes]);
        for (var i = 0; i < densities.Length; i++)
            (points[2 * i], points[(2 * i) + 1]) = ((float)(left + (i / Nodes * width)), (float)(low + (i % Nodes * height)));
        flow.LogDensity(points, densities);
        var (marginal, cumulative) = (new double[Nodes], new double[Nodes]);
        for (var i = 0; i < densities.Length; i++)
            marginal[i / Nodes] += Math.Exp(densities[i]) * height * (i % Nodes is 0 or Nodes - 1 ? 0.5 : 1);
        for (var k = 1; k < Nodes; k++)
            cumulative[k] = cumulative[k - 1] + (0.5 * width * (marginal[k - 1] + marginal[k]));

        // A deviation of D = 0.006 is what the draws could show.
        Assert.That(cumulative[^1], Is.EqualTo(1).Within(2e-3), "the integral of the density");
        return Array.ConvertAll(firsts, first =>
        {
            var position = (first - left) / width;
            var node = Math.Clamp((int)position, 0, Nodes - 2);
            var rest = position - node;

            // The integral of the line between two values of the density.
            var value = cumulative[node] + (width * rest * (marginal[node] + (0.5 * rest * (marginal[node + 1] - marginal[node]))));
            return Math.Clamp(value / cumulative[^1], 1e-12, 1 - 1e-12);
        });
    }

    private static (double Least, double Greatest) Range(float[] x, int feature, bool areAngles)
    {
        if (areAngles)
            return (-Math.PI, Math.PI);
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = feature; i < x.Length; i += 2)
            (least, greatest) = (Math.Min(least, x[i]), Math.Max(greatest, x[i]));
        var margin = 0.1 * (greatest - least);
        return (least - margin, greatest + margin);
    }

    // The flows of features' own networks are the same with few small ones, and a thousand times as dear with their defaults.
    private static Flow<float> Create(ReadyMadeFlow<float> kind) => kind.Name switch
    {
        "naf" => NeuralAutoregressiveFlow.Create<float>(new NeuralAutoregressiveFlowSettings { Features = 2, Transforms = 1, Signals = 4, NetworkSizes = [8], HiddenSizes = [8] }),
        "unaf" => UnconstrainedAutoregressiveFlow.Create<float>(new UnconstrainedAutoregressiveFlowSettings { Features = 2, Transforms = 1, Signals = 2, NetworkSizes = [6], HiddenSizes = [8] }),
        _ => kind.Create(2, 0, 4, null),
    };
}
