using FlowCore.Distributions;
using FlowCore.Parts;
using FlowCore.Tests.Flows;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Linear;

[TestFixture]
internal sealed class NormalisationTests
{
    private const int Rows = 1500;

    [Test]
    public void Layers_start_in_order_each_from_what_reaches_it()
    {
        var inner = new ActNorm<double>(2, "inner");
        using var flow = new Flow<double>(
            new StandardNormal<double>(2),
            new Composition<double>(
                2, new ActNorm<double>(2, "first"), new FixedAffine<double>([3, -0.5], [1, 7]), new BatchNormalization<double>(2, "second"),
                new FixedAffine<double>([0.1, 4], [0, -2]), new Inverted<double>(inner)));
        var x = Data();
        var untouched = new double[x.Length];
        flow.ToNoise(x, untouched, default);
        Assert.That(inner.IsStarted, Is.False, "a density starts nothing");
        Assert.That(DataStart.Run<double>(flow, x), Is.EqualTo(3));
        Assert.That(inner.IsStarted);
        var z = new double[x.Length];
        flow.ToNoise(x, z, default);
        var (location, scale) = LocationScale.FromData<double>(z, 2);
        Assert.That(location, Is.All.EqualTo(0).Within(1e-12));

        // The variances are divided by n − 1.
        Assert.That(scale, Is.All.EqualTo(Math.Sqrt((Rows - 1.0) / Rows)).Within(1e-5));
        Assert.That(DataStart.Run<double>(flow, x), Is.Zero, "once");
    }

    [Test]
    public void Act_norm_starts_at_mean_and_deviation_and_files_keep_that()
    {
        var layer = new ActNorm<double>(1, "n");
        layer.Start([1, 3]);

        // Mean 2, variance 2 divided by n − 1 = 1.
        Assert.That(layer.Parameters[0].Values[0], Is.EqualTo(-0.5 * Math.Log(2)).Within(1e-15));
        Assert.That(layer.Parameters[1].Values[0], Is.EqualTo(-Math.Sqrt(2)).Within(1e-15));
        Assert.That(((ActNorm<float>)layer.ConvertTo<float>()).IsStarted);
        Assert.That(((ActNorm<float>)new ActNorm<double>(1, "n").ConvertTo<float>()).IsStarted, Is.False);
    }

    [Test]
    public void A_dense_map_takes_in_the_scale_of_its_rows_and_files_keep_that([Values] bool inverse)
    {
        var layer = new DenseLinear<double>(2, "layer", startsFromData: true);
        layer.Parameters[0].Write([0.5, -1]);
        layer.Parameters[1].Write([1, 2, 0, 3]);
        using var flow = new Flow<double>(new StandardNormal<double>(2), inverse ? new Inverted<double>(layer) : layer);
        Assert.That(DataStart.Run<double>(flow, [1, 10, 3, 30]), Is.EqualTo(1));
        Assert.That(layer.IsStarted);
        var (z, logDet) = (new double[2], new double[1]);
        flow.ToNoise([3, 30], z, logDet);

        // Means 2 and 20, deviations 1 and 10: the row is (1, 1), and W (1, 1) + b = (3.5, 2). Backwards W⁻¹ ((1, 1) − b) = W⁻¹ (0.5, 2) = (−5/6, 2/3).
        Assert.That(z, Is.EqualTo(inverse ? new[] { -5 / 6.0, 2 / 3.0 } : [3.5, 2]).Within(1e-14));
        Assert.That(logDet[0], Is.EqualTo((inverse ? -Math.Log(3) : Math.Log(3)) - Math.Log(10)).Within(1e-14));
        Assert.That((DenseLinear<float>)layer.ConvertTo<float>(), Has.Property("IsStarted").True.And.Property("StartsFromData").True);
        var fresh = (DenseLinear<float>)new DenseLinear<double>(2, "layer", startsFromData: true).ConvertTo<float>();
        Assert.That(fresh, Has.Property("IsStarted").False.And.Property("StartsFromData").True);
        var plain = new DenseLinear<double>(2, "layer");
        Assert.That((DenseLinear<float>)plain.ConvertTo<float>(), Has.Property("IsStarted").True.And.Property("StartsFromData").False);
        plain.Start([1, 10, 3, 30]);
        Assert.That(plain.Parameters[1].Values.ToArray(), Is.EqualTo(new double[] { 1, 0, 0, 1 }), "it starts from no data");
    }

    [Test]
    public void Batch_normalisation_moves_by_the_momentum_towards_the_batch()
    {
        var layer = new BatchNormalization<double>(1, "n");
        using var flow = new Flow<double>(new StandardNormal<double>(1), layer);
        Assert.That(flow.Parameters.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[] { "n.unconstrained_weight", "n.bias" }));
        StepUpdate.Run<double>(flow, [1, 3], momentum: 0.25);

        // From m = 0 and v = 1 − 10⁻⁵ a quarter of the way to 2 and 2.
        Assert.That(layer.Parameters[2].Values[0], Is.EqualTo(0.5).Within(1e-15));
        Assert.That(layer.Parameters[3].Values[0], Is.EqualTo((0.75 * (1 - 1e-5)) + 0.5).Within(1e-15));
        Assert.That(() => StepUpdate.Run<double>(flow, [1, 3], momentum: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Batch_normalisation_has_the_numbers_of_its_formula()
    {
        var layer = new BatchNormalization<double>(1, "n");
        layer.Parameters[0].Write([0.7]);
        layer.Parameters[1].Write([-2]);
        layer.Parameters[2].Write([5]);
        layer.Parameters[3].Write([4]);
        using var flow = new Flow<double>(new StandardNormal<double>(1), layer);
        var (z, logDet) = (new double[1], new double[1]);
        flow.ToNoise([6.5], z, logDet);
        var slope = (Math.Log(1 + Math.Exp(0.7)) + 1e-5) / Math.Sqrt(4 + 1e-5);
        Assert.That(z[0], Is.EqualTo((1.5 * slope) - 2).Within(1e-14));
        Assert.That(logDet[0], Is.EqualTo(Math.Log(slope)).Within(1e-14));
    }

    [Test]
    public void Rows_that_cannot_start_a_layer_are_refused()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(2), new ActNorm<double>(2, "n"));
        Assert.That(() => DataStart.Run<double>(flow, [1, 2, 3]), Throws.ArgumentException.With.Message.Contains("rows of 2 numbers"));
        Assert.That(() => DataStart.Run<double>(flow, []), Throws.ArgumentException);
        Assert.That(() => DataStart.Run<double>(flow, [1, double.NaN]), Throws.ArgumentException.With.Message.Contains("column 1"));
    }

    [Test]
    public void A_cholesky_map_from_data_is_the_normal_distribution_of_its_moments()
    {
        var x = Data();
        using var affine = new Flow<double>(new StandardNormal<double>(2), CholeskyLinear<double>.FromData(x, 2, "l"));
        using var normal = new Flow<double>(FullNormal<double>.FromData(x, 2), new Composition<double>(2));
        var (a, b, z) = (new double[Rows], new double[Rows], new double[x.Length]);
        affine.LogDensity(x, a);
        normal.LogDensity(x, b);
        Assert.That(a, Is.EqualTo(b).Within(1e-11));
        affine.ToNoise(x, z, default);
        var (location, scale) = LocationScale.FromData<double>(z, 2);
        Assert.That(location, Is.All.EqualTo(0).Within(1e-12));
        Assert.That(scale, Is.All.EqualTo(1).Within(1e-12));
        Assert.That(() => CholeskyLinear<double>.FromData([1, 2, 2, 4, 3, 6], 2, "l"), Throws.ArgumentException.With.Message.Contains("full rank"));
    }

    [Test]
    public void A_planar_layer_survives_any_size_of_its_numbers([Values(-120.0, -20.0, 0.0, 120.0)] double product)
    {
        // w = (1, 0) and u = (a, 0): at α = 0 the slope is 1 + c = softplus(a).
        var layer = new Planar<float>(2, "p");
        layer.Parameters[0].Write([(float)product, 0]);
        layer.Parameters[1].Write([1, 0]);
        using var flow = new Flow<float>(new StandardNormal<float>(2), layer);
        var (z, logDet, back) = (new float[6], new float[3], new float[6]);
        flow.ToNoise([0, 1, 0.5f, 1, -3, 1], z, logDet);
        Assert.That(logDet, Has.All.Matches<float>(float.IsFinite));
        if (product == -20)
            Assert.That(logDet[0], Is.EqualTo(-20).Within(1e-5), "ln softplus(−20)");
        flow.FromNoise(z, back, logDet);
        Assert.That(back, Has.All.Matches<float>(float.IsFinite));
        Assert.That(back[2], Is.EqualTo(0.5).Within(1e-3));
        Assert.That(back[4], Is.EqualTo(-3).Within(1e-3));
    }

    [Test]
    public void A_direction_of_length_zero_does_no_harm()
    {
        var layer = new Planar<double>(2, "p");
        layer.Parameters[0].Write([1, 2]);
        layer.Parameters[1].Write([0, 0]);
        layer.Parameters[2].Write([0.5]);
        using var flow = new Flow<double>(new StandardNormal<double>(2), layer);
        var (z, logDet) = (new double[2], new double[1]);
        flow.ToNoise([3, 4], z, logDet);
        Assert.That(z, Is.EqualTo(new[] { 3 + Math.Tanh(0.5), 4 + (2 * Math.Tanh(0.5)) }).Within(1e-15));
        Assert.That(logDet[0], Is.Zero.Within(1e-15));
    }

    [Test]
    public void The_centre_of_a_radial_layer_has_finite_gradients()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Radial<double>(2, "r"));
        var (density, dx) = (new double[1], new double[2]);
        flow.LogDensityGradient([0, 0], default, density, dx);
        Assert.That(density[0], Is.EqualTo(-Math.Log(2 * Math.PI)).Within(1e-14), "it starts as the identity");
        Assert.That(dx, Is.All.EqualTo(0).Within(1e-14));
    }

    [Test]
    public void Fresh_maps_are_the_identity()
    {
        Transform<double>[] fresh =
        [
            new CholeskyLinear<double>(3, "l"), new DenseLinear<double>(3, "l"), new HouseholderLinear<double>(3, 4, "l"), new LuLinear<double>(3, "l"),
            new LuMatrixLinear<double>(3, "l"), new QrLinear<double>(3, 2, "l"), new RotationLinear<double>(3, "l"), new SvdLinear<double>(3, 4, "l"),
            new Radial<double>(3, "l"), new Sylvester<double>(3, 0, "l"), new ActNorm<double>(3, "l"), new BatchNormalization<double>(3, "l"),
        ];
        foreach (var transform in fresh)
        {
            using var flow = new Flow<double>(new StandardNormal<double>(3), transform);
            var (x, z, logDet) = (Models.Rows<double>(5, 3, 2), new double[15], new double[5]);
            flow.ToNoise(x, z, logDet);
            Assert.That(z, Is.EqualTo(x).Within(1e-14), transform.GetType().Name);
            Assert.That(logDet, Is.All.EqualTo(0).Within(1e-14), transform.GetType().Name);
        }
    }

    [Test]
    public void A_singular_dense_matrix_is_an_error_that_names_it()
    {
        var layer = new DenseLinear<double>(2, "layer");
        layer.Parameters[1].Write([1, 2, 2, 4]);
        using var flow = new Flow<double>(new StandardNormal<double>(2), layer);
        Assert.That(() => flow.ToNoise([1, 2], new double[2], default), Throws.InvalidOperationException.With.Message.Contains("layer._weight"));
    }

    private static double[] Data()
    {
        var x = Models.Rows<double>(Rows, 2, 8);
        for (var i = 0; i < x.Length; i += 2)
        {
            x[i + 1] = (0.3 * x[i + 1]) + (2 * x[i]) - 4;
            x[i] += 100;
        }

        return x;
    }
}
