using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

[TestFixture]
internal sealed class JacobianMetricTests
{
    [Test]
    public void A_linear_map_s_metric_is_its_matrix_s_square()
    {
        // z = W x with W = (1 2; 0 3): WᵀW = (1 2; 2 13), whose order of indices WWᵀ has not.
        var layer = new DenseLinear<double>(2, "layer");
        layer.Parameters.First(parameter => parameter.Name == "layer._weight").Write([1, 2, 0, 3]);
        using var flow = new Flow<double>(new StandardNormal<double>(2), layer);
        var metric = flow.Metric(Tensor.Create([0.0, 0.0], [1, 2]), exponent: 0);
        Assert.That(metric.ToArray(), Is.EqualTo(new double[] { 1, 2, 2, 13 }).Within(1e-13));
        var weighted = flow.Metric(Tensor.Create([0.0, 0.0], [1, 2]));
        Assert.That(weighted[0, 1, 1], Is.EqualTo(13 / (2 * Math.PI)).Within(1e-13), "the noise's density at 0");
        var root = flow.Metric(Tensor.Create([1.0, 0.0], [1, 2]), exponent: 0.5);
        Assert.That(root[0, 1, 0], Is.EqualTo(2 * Math.Exp(-0.25) / Math.Sqrt(2 * Math.PI)).Within(1e-13), "the root of the density at z = (1, 0)");
    }

    [Test]
    public void The_root_of_the_determinant_is_the_density()
    {
        using var flow = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 2, HiddenSizes = [8], Seed = 3 });
        var rows = new double[600];
        new RandomStream(2).FillNormal<double>(rows);
        var x = Tensor.Create(rows, [300, 2]);
        var metric = flow.Metric(x, exponent: 1);
        var half = flow.Metric(x, exponent: 2.0 / 2);
        var density = flow.LogDensity(x);
        for (var i = 0; i < 300; i++)
        {
            var determinant = (half[i, 0, 0] * half[i, 1, 1]) - (half[i, 0, 1] * half[i, 1, 0]);

            // The difference of two products loses a few digits.
            Assert.That(0.5 * Math.Log(determinant), Is.EqualTo(density[i]).Within(1e-9));
            Assert.That(metric[i, 0, 1], Is.EqualTo(metric[i, 1, 0]));
        }
    }
}
