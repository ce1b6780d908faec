using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

/// <summary>What single transforms do beyond the laws, which are those of <see cref="Laws.TransformLawTests"/>.</summary>
[TestFixture]
public sealed class TransformTests
{
    [Test]
    public void A_permutation_moves_feature_pi_of_j_to_j()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(3), new Permutation<double>([2, 0, 1]));
        var z = new double[3];
        flow.ToNoise([10, 20, 30], z, default);
        Assert.That(z, Is.EqualTo(new double[] { 30, 10, 20 }));
    }

    [Test]
    public void Indices_that_are_no_permutation_are_refused() =>
        Assert.That(() => new Permutation<double>([0, 2, 2]), Throws.ArgumentException.With.Message.Contains("got 2 at 2"));

    [Test]
    public void Standardizing_gives_mean_zero_and_deviation_one()
    {
        var x = Models.Rows<double>(500, 2, 6, scale: 3);
        for (var i = 0; i < x.Length; i += 2)
            x[i] += 1000;
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Standardization<double>(LocationScale.FromData<double>(x, 2), "standardize"));
        var (z, logDet) = (new double[x.Length], new double[500]);
        flow.ToNoise(x, z, logDet);
        var after = LocationScale.FromData<double>(z, 2);
        Assert.That(after.Location, Is.All.EqualTo(0).Within(1e-12));
        Assert.That(after.Scale, Is.All.EqualTo(1).Within(1e-12));
        Assert.That(flow.Parameters.Parameters, Is.Empty, "nothing to train");
    }

    [Test]
    public void A_constant_feature_is_standardized_by_one()
    {
        var (location, scale) = LocationScale.FromData<float>([7, 7, 7], 1);
        Assert.That(location, Is.EqualTo(new[] { 7.0 }));
        Assert.That(scale, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Parts_of_other_features_are_refused() => Assert.That(
        () => new Composition<double>(3, Permutation<double>.Reversal(3), Permutation<double>.Reversal(2)),
        Throws.ArgumentException.With.Message.Contains("part 1 to have 3 features, got 2"));

    [Test]
    public void Parts_read_the_leading_columns_of_the_conditions()
    {
        var narrow = Autoregressive(2, 1, "a");
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2, narrow, Autoregressive(2, 3, "b")));
        Models.Enliven(flow);
        Assert.That(flow.ConditionColumns, Is.EqualTo(3));
        var (first, second) = (new double[2], new double[2]);
        using var alone = new Flow<double>(new StandardNormal<double>(2), narrow.ConvertTo<double>());
        alone.ToNoise([0.3, -0.4], new([0.7]), first, default);
        alone.FromNoise(first, new([0.7]), second, default);
        Assert.That(second, Is.EqualTo(new[] { 0.3, -0.4 }).Within(1e-12));
        flow.ToNoise([0.3, -0.4], new([0.7, 1, 2]), first, default);
        flow.ToNoise([0.3, -0.4], new([0.7, 1, -2]), second, default);
        Assert.That(second, Is.Not.EqualTo(first), "the last column is read by the second part");
    }

    [Test]
    public void A_transform_checks_the_shapes_of_its_arguments()
    {
        var transform = Autoregressive(2, 1, "a");
        using var store = new ParameterStore<double>(Device.Cpu, transform.Parameters);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(2, record: false);
        var x = tape.Input([1, 2, 3, 4], 2);
        Assert.That(() => transform.Forward(tape.Input([1, 2], 1), out _), Throws.ArgumentException.With.Message.Contains("block of 2 columns"));
        Assert.That(() => transform.Forward(x, out _), Throws.ArgumentException.With.Message.Contains("conditions of 1 columns"));
        Assert.That(() => transform.Inverse(x, tape.SharedRow([0.5]), out _), Throws.Nothing);
    }

    private static MaskedAutoregressive<double> Autoregressive(int features, int context, string name) => new(
        new RationalQuadraticSpline<double>(new SplineSettings(4)), AutoregressiveOrder.Natural(features, context), [6], UnaryFunction.ReLU, name, new RandomStream(2));
}
