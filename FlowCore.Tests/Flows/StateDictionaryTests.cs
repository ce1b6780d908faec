using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

[TestFixture]
public sealed class StateDictionaryTests
{
    [Test]
    public void Any_order_passes_and_sizes_are_inferred([Values(1, 2, 5)] int features, [Values(0, 3)] int context, [Values] bool randomOrder, [Values(0, 1, 2)] int passes, [Values] bool spline)
    {
        if (passes > features)
            Assert.Pass("There are no more passes than features.");
        using var flow = spline
            ? Models.Spline<float>(features, context, passes: passes, randomOrder: randomOrder, bins: 4)
            : Models.Affine<float>(features, context, passes: passes, randomOrder: randomOrder, activation: UnaryFunction.ReLU);
        using var back = StateDictionary.ReadFlow<float>(StateDictionary.Write(flow));
        AssertSameBits(flow, back);
    }

    [Test]
    public void One_feature_is_written_without_masks_as_other_libraries_do()
    {
        using var conditional = Models.Spline<float>(1, 2, bins: 4);
        Assert.That(StateDictionary.Write(conditional).Take(3).Select(tensor => tensor.ToString()), Is.EqualTo(new[]
        {
            "'transform.transforms.0.hyper.0.weight' Float32 [13, 2]", "'transform.transforms.0.hyper.0.bias' Float32 [13]", "'transform.transforms.0.hyper.2.weight' Float32 [10, 13]",
        }));
        using var unconditional = Models.Spline<float>(1, 0, bins: 4);
        Assert.That(StateDictionary.Write(unconditional).Take(3).Select(tensor => tensor.ToString()), Is.EqualTo(new[]
        {
            "'transform.transforms.0.phi.0' Float32 [1, 4]", "'transform.transforms.0.phi.1' Float32 [1, 4]", "'transform.transforms.0.phi.2' Float32 [1, 3]",
        }));
        using var affine = Models.Affine<float>(1, 0);
        Assert.That(StateDictionary.Write(affine)[1].ToString(), Is.EqualTo("'transform.transforms.0.phi.1' Float32 [1]"));
    }

    [Test]
    public void Residuals_of_any_size_are_inferred([Values(0, 1, 2, 3)] int layers, [Values(0, 2)] int context, [Values(1, 3)] int features)
    {
        using var model = Models.Factorizable<float>(features, context, layers);
        using var back = StateDictionary.ReadFactorizable<float>(
            StateDictionary.Write(model), new StateDictionaryOptions { QuadraticDamping = 0.2, CrossTermDamping = 0.3 });
        Assert.That(back.Residual.Settings.Layers, Is.EqualTo(layers));
        AssertSameBits(model, back);
    }

    [Test]
    public void The_older_names_of_the_base_are_understood()
    {
        using var flow = Models.Spline<float>(2, 1);
        var older = new TensorArchive(StateDictionary.Write(flow).Select(tensor => tensor.Name switch
        {
            "base.loc" => tensor.Rename("base._0"),
            "base.scale" => tensor.Rename("base._1"),
            _ => tensor,
        }));
        using var back = StateDictionary.ReadFlow<float>(older);
        AssertSameBits(flow, back);
    }

    [Test]
    public void Options_say_what_the_tensors_do_not()
    {
        using var flow = NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings
        {
            Features = 2,
            HiddenSizes = [6],
            Bound = 3,
            Slope = 1e-2,
            Activation = UnaryFunction.Elu,
            Seed = 2,
        });
        var state = new TensorArchive(StateDictionary.Write(flow));
        using var back = StateDictionary.ReadFlow<double>(state, new StateDictionaryOptions { Bound = 3, Slope = 1e-2, Activation = UnaryFunction.Elu });
        AssertSameBits(flow, back);
        using var other = StateDictionary.ReadFlow<double>(state);
        Assert.That(() => AssertSameBits(flow, other), Throws.InstanceOf<AssertionException>());
    }

    [Test]
    public void A_shifted_base_is_kept()
    {
        using var flow = Models.Affine<double>(2, 0, activation: UnaryFunction.ReLU);
        var state = Replace(Replace(StateDictionary.Write(flow), "base.loc", TensorData.Create<double>("base.loc", [2], [1.0, 0])), "base.scale", TensorData.Create<double>("base.scale", [2], [2.0, 1]));
        using var back = StateDictionary.ReadFlow<double>(state);
        Assert.That(back.Base, Is.InstanceOf<DiagonalNormal<double>>());
        var z = new double[2];
        var density = new double[1];
        back.ToNoise([0.3, 0.4], z, density);
        var logDet = density[0];
        back.LogDensity([0.3, 0.4], density);
        var expected = logDet - Math.Log(2 * Math.PI) - Math.Log(2) - (Math.Pow((z[0] - 1) / 2, 2) / 2) - (z[1] * z[1] / 2);
        Assert.That(density[0], Is.EqualTo(expected).Within(1e-13));
    }

    [TestCase("transform.transforms.1.hyper.2.mask")]
    [TestCase("transform.transforms.0.hyper.0.mask")]
    public void A_mask_that_contradicts_the_order_is_named(string name)
    {
        using var flow = Models.Spline<float>(3, 1);
        var state = StateDictionary.Write(flow);
        var mask = state[name].ToArray<bool>();
        mask[4] = !mask[4];
        AssertRefused(Replace(state, name, TensorData.Create<bool>(name, state[name].Shape.AsSpan(), mask)), name);
    }

    [Test]
    public void Missing_surplus_and_misshaped_tensors_are_named()
    {
        using var model = Models.Factorizable<float>(2, 1, 2);
        var state = StateDictionary.Write(model);
        foreach (var tensor in state)
        {
            // Layers are counted by their names, so the error may name the network or what is then left over.
            var without = new TensorArchive(state.Where(other => other.Name != tensor.Name));
            if (tensor.Name is not ("central_nuisance_values" or "nuisance_scales"))
                Assert.That(() => StateDictionary.Read<float>(without), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("'"), tensor.Name);
            if (tensor.Shape.Length > 0 && tensor.Count > 0)
            {
                var longer = TensorData.Create<float>(tensor.Name, [tensor.Count + 1], new float[tensor.Count + 1]);
                Assert.That(() => StateDictionary.Read<float>(Replace(state, tensor.Name, longer)), Throws.InstanceOf<ModelFormatException>(), tensor.Name);
            }
        }

        AssertRefused(new TensorArchive([.. state, TensorData.Create<float>("transforms.9.weight", [1], [1f])]), "transforms.9.weight");
    }

    [Test]
    public void A_number_that_is_not_finite_is_named()
    {
        using var flow = Models.Spline<float>(2, 0);
        const string Name = "transform.transforms.0.hyper.0.weight";
        var state = StateDictionary.Write(flow);
        var numbers = state[Name].ToArray<float>();
        numbers[1] = float.NaN;
        AssertRefused(Replace(state, Name, TensorData.Create<float>(Name, state[Name].Shape.AsSpan(), numbers)), Name);
    }

    [Test]
    public void A_reversal_that_is_none_is_named()
    {
        using var model = Models.Factorizable<float>(2, 0, 2);
        const string Name = "transforms.1.indices";
        AssertRefused(Replace(StateDictionary.Write(model), Name, TensorData.Create<long>(Name, [2], [0L, 1])), Name);
    }

    [Test]
    public void A_part_that_others_do_not_know_is_named()
    {
        using var flow = new Flow<float>(new StandardNormal<float>(2), new Permutation<float>([1, 0]));
        Assert.That(() => StateDictionary.Write(flow), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Permutation"));
    }

    [Test]
    public void A_standardisation_goes_there_and_back_with_the_same_bits([Values(1, 3)] int features)
    {
        var settings = new NeuralSplineFlowSettings
        {
            Features = features,
            ContextFeatures = 2,
            Transforms = 2,
            HiddenSizes = [7],
            Standardization = new LocationScale([.. Enumerable.Repeat(0.3, features)], [.. Enumerable.Repeat(1.7, features)]),
        };
        using var flow = NeuralSplineFlow.Create<float>(settings);
        var archive = StateDictionary.Write(flow);
        Assert.That(archive.Take(2).Select(tensor => tensor.Name), Is.EqualTo(new[] { "transform.transforms.0.location", "transform.transforms.0.log_scale" }));
        using var back = StateDictionary.ReadFlow<float>(archive);
        Assert.That(ModelFile.BaseHash(back), Is.EqualTo(ModelFile.BaseHash(flow)));
        AssertSameBits(flow, back);
    }

    [Test]
    public void Affine_transforms_in_front_of_splines_keep_their_place_and_name()
    {
        using var flow = NeuralSplineFlow.Create<float>(
            new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 1, Transforms = 2, HiddenSizes = [7], AffineTransforms = 1 });
        Models.Enliven(flow);
        using var back = StateDictionary.ReadFlow<float>(StateDictionary.Write(flow));
        Assert.That(ModelFile.BaseHash(back), Is.EqualTo(ModelFile.BaseHash(flow)));
        AssertSameBits(flow, back);
    }

    private static TensorArchive Replace(TensorArchive archive, string name, TensorData replacement) =>
        new(archive.Select(tensor => tensor.Name == name ? replacement : tensor));

    private static void AssertRefused(TensorArchive archive, string named) =>
        Assert.That(() => StateDictionary.Read<float>(archive), Throws.InstanceOf<ModelFormatException>().With.Message.Contains($"'{named}'"));

    private static void AssertSameBits<T>(DensityModel<T> a, DensityModel<T> b)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 40;
        var (x, c, nu) = (Models.Rows<T>(Rows, a.Features, 1), Models.Rows<T>(Rows, a.ContextFeatures, 2), Models.Rows<T>(Rows, a.Nuisances, 3));
        var (first, second) = (new T[Rows], new T[Rows]);
        a.LogDensity(x, new(c, nu), first);
        b.LogDensity(x, new(c, nu), second);
        Assert.That(second, Is.EqualTo(first));
    }
}
