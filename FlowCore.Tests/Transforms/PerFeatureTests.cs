using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

/// <summary>Maps of different kinds side by side: each feature has its own, also where an inverse solves the features in another order.</summary>
[TestFixture]
internal sealed class PerFeatureTests
{
    [Test]
    public void Each_feature_has_its_map_and_takes_its_numbers()
    {
        var map = new Elementwise<double>(new PerFeature<double>([new Additive<double>(), new Affine<double>()], 3, [[1], [2, 0]]), 2, "map");
        map.Parameters[0].Write([9, 0.5, 9, 0.25, 9, -2]);
        using var flow = new Flow<double>(new StandardNormal<double>(2), map);
        var (z, logDet) = (new double[2], new double[1]);
        flow.ToNoise([1, 3], z, logDet);
        Assert.That(z, Is.EqualTo(new[] { 1.5, (3 * Math.Exp(0.25)) - 2 }).Within(1e-14));
        Assert.That(logDet[0], Is.EqualTo(0.25).Within(1e-15));
    }

    [Test]
    public void Features_keep_their_maps_in_the_inverse_of_any_order()
    {
        var tau = PerFeature<double>.OfNormflows(4, [Math.PI, 3, 2], [true, false, true]);
        var masked = new MaskedAutoregressive<double>(
            tau, new Made<double>(
                new AutoregressiveOrder([2, 0, 1]), tau.ParametersPerFeature, new MadeSettings { HiddenSize = 6, Activation = UnaryFunction.Tanh }, "net", new RandomStream(1)));
        using var flow = new Flow<double>(new UniformBox<double>([-Math.PI, -3, -2], [Math.PI, 3, 2]), masked);
        double[] x = [3, 2.5, -1.5, -2.9, -8, 0.1];
        var (z, back) = (new double[6], new double[6]);
        flow.ToNoise(x, z, new double[2]);
        flow.FromNoise(z, back, default);
        Assert.That(back, Is.EqualTo(x).Within(1e-12));
        Assert.That(z[4], Is.EqualTo(-8), "the identity outside of the bound");
        masked.StartAtIdentity();
        flow.ToNoise(x, z, new double[2]);
        Assert.That(z, Is.EqualTo(x).Within(1e-12));
    }

    [Test]
    public void Maps_that_do_not_fit_are_refused()
    {
        Assert.That(() => new PerFeature<double>([]), Throws.ArgumentException.With.Message.Contains("got none"));
        Assert.That(() => new PerFeature<double>([new Affine<double>()], 2, [[0]]), Throws.ArgumentException.With.Message.Contains("Expected 2 numbers"));
        Assert.That(() => new PerFeature<double>([new Affine<double>()], 2, [[0, 2]]), Throws.ArgumentException.With.Message.Contains("got 2"));
        Assert.That(() => new PerFeature<double>([new Affine<double>()], 1), Throws.ArgumentException.With.Message.Contains("at least 2"));
        Assert.That(
            () => new Elementwise<double>(new PerFeature<double>([new Affine<double>()]), 2, "map"), Throws.ArgumentException.With.Message.Contains("2 features"));
        var mixed = new MaskedAutoregressive<double>(
            new PerFeature<double>([new Affine<double>(), new Affine<double>(AffineSettings.NflowsCoupling)]), AutoregressiveOrder.Natural(2), [4], UnaryFunction.ReLU, "net");
        Assert.That(mixed.StartAtIdentity, Throws.InstanceOf<NotSupportedException>());
    }
}
