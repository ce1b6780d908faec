using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

[TestFixture]
public sealed class ModelFileTests
{
    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("flowcore-models-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_flow_comes_back_with_the_same_bits()
    {
        using var flow = Models.Spline<float>(3, 2, passes: 2, randomOrder: true);
        var path = Path.Combine(_folder, "flow.safetensors");
        flow.Save(path, training: "{\"epochs\":3}");
        using var back = Flow<float>.Load(path);
        AssertSameBits(flow, back);
        var description = ModelFile.Describe(path);
        Assert.That(description.Kind, Is.EqualTo("flow"));
        Assert.That((description.Features, description.ContextFeatures, description.Nuisances), Is.EqualTo((3, 2, 0)));
        Assert.That(description.Training, Is.EqualTo("{\"epochs\":3}"));
        Assert.That(description.LibraryVersion, Does.Match(@"^\d+\.\d+"));
    }

    [Test]
    public void Every_kind_of_part_comes_back()
    {
        var transform = new Composition<double>(
            2,
            new Standardization<double>(new LocationScale([1, -2], [0.5, 2]), "standardize"),
            new Inverted<double>(new MaskedAutoregressive<double>(
                new Affine<double>(1e-2), AutoregressiveOrder.Natural(2, 1), [5], UnaryFunction.Silu, "first", new RandomStream(1))),
            Permutation<double>.Reversal(2),
            new TriangularLinear<double>(2, "linear"),
            new Elementwise<double>(new Affine<double>(1e-2), 2, "affine"),
            new Elementwise<double>(new RationalQuadraticSpline<double>(new SplineSettings(6, 4)), 2, "spline"));
        using var flow = new Flow<double>(new DiagonalNormal<double>([0.5, 1], [2, 3], learnable: true), transform);
        Models.Enliven(flow);
        var path = Path.Combine(_folder, "flow.safetensors");
        flow.Save(path);
        using var back = Flow<double>.Load(path);
        AssertSameBits(flow, back);
    }

    [Test]
    public void Affine_transforms_in_front_of_the_splines_come_back_and_carry_location_and_scale_beyond_the_bound()
    {
        using var flow = NeuralSplineFlow.Create<double>(
            new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 1, Bins = 4, Transforms = 1, AffineTransforms = 1, HiddenSizes = [8], Seed = 3 });
        // The affine map's last biases, (shift, scale) of each feature: shift by −20, so that x = 20 meets the splines at their centre.
        var bias = flow.Parameters.Parameters.Single(parameter => parameter.Name == "affine.0.hyper.2.bias");
        var weight = flow.Parameters.Parameters.Single(parameter => parameter.Name == "affine.0.hyper.2.weight");
        weight.Write(new double[weight.Length]);
        bias.Write([-20, 0, -20, 0]);
        double[] x = [20, 20, 21, 19], context = [0, 1];
        var density = new double[2];
        flow.LogDensity(x, context, density);
        Assert.That(density, Is.All.GreaterThan(-10), "without the affine map the normal tail at 20 gives -200");

        var path = Path.Combine(_folder, "affine.safetensors");
        flow.Save(path);
        using var again = Flow<double>.Load(path);
        var same = new double[2];
        again.LogDensity(x, context, same);
        Assert.That(same, Is.EqualTo(density));
    }

    [Test]
    public void Flows_of_one_feature_come_back([Values(0, 2)] int context, [Values] bool spline)
    {
        using var flow = spline ? Models.Spline<float>(1, context) : Models.Affine<float>(1, context);
        var path = Path.Combine(_folder, "flow.safetensors");
        flow.Save(path);
        using var back = Flow<float>.Load(path);
        AssertSameBits(flow, back);
    }

    [Test]
    public void A_file_of_floats_can_be_computed_in_double()
    {
        using var flow = Models.Affine<float>(2, 1);
        var path = Path.Combine(_folder, "flow.safetensors");
        flow.Save(path);
        using var twin = Flow<double>.Load(path);
        using var converted = flow.ConvertTo<double>();
        AssertSameBits(converted, twin);
        Assert.That(ModelFile.BaseHash(twin), Is.EqualTo(ModelFile.BaseHash(flow)));
    }

    [Test]
    public void A_residual_comes_back_on_its_base_and_on_no_other()
    {
        using var model = Models.Factorizable<float>(3, 2, 2);
        var path = Path.Combine(_folder, "residual.safetensors");
        model.Save(path);
        Assert.That(SafetensorsFile.Read(path).Select(tensor => tensor.Name), Is.All.StartsWith("transforms."), "the base is not stored again");
        using var back = FactorizableFlow<float>.Load(path, model.Base);
        AssertSameBits(model, back);
        Assert.That(ModelFile.Describe(path).BaseHash, Is.EqualTo(ModelFile.BaseHash(model.Base)));
        using var other = model.Base.ConvertTo<float>();
        other.Parameters.Parameters[3].Values[0] += 1e-6f;
        Assert.That(() => FactorizableFlow<float>.Load(path, other), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("belongs to the base"));
        Assert.That(() => Flow<float>.Load(path), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("expected a 'flow'"));
    }

    [Test]
    public void The_same_weights_under_another_bound_are_another_base()
    {
        using var narrow = Create(5);
        using var wide = Create(8);
        Assert.That(ModelFile.BaseHash(wide), Is.Not.EqualTo(ModelFile.BaseHash(narrow)));
        static Flow<float> Create(double bound) => NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, Bound = bound, HiddenSizes = [4] });
    }

    [Test]
    public void A_flipped_bit_anywhere_is_refused()
    {
        using var flow = Models.Affine<float>(2, 0);
        var path = Path.Combine(_folder, "flow.safetensors");
        flow.Save(path, training: "summary");
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i += 29)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, flipped);
            // The order in which JSON lists things may change without a change of content; nothing else may.
            Assert.That(() => Flow<float>.Load(path), Throws.InstanceOf<ModelFormatException>(), $"byte {i}");
        }

        File.WriteAllBytes(path, bytes[..^5]);
        Assert.That(() => Flow<float>.Load(path), Throws.InstanceOf<ModelFormatException>().With.Message.Contains(path));
    }

    [Test]
    public void A_missing_a_surplus_and_a_misshaped_tensor_are_named()
    {
        using var flow = Models.Affine<float>(2, 0);
        var archive = ModelFile.ToArchive(flow);
        const string Name = "transform.transforms.1.hyper.2.bias";
        AssertRefused(archive.Where(tensor => tensor.Name != Name), Name);
        AssertRefused([.. archive, TensorData.Create<float>("surplus", [1], [1f])], "surplus");
        AssertRefused(archive.Select(tensor => tensor.Name == Name ? TensorData.Create<float>(Name, [3], [1f, 2f, 3f]) : tensor), Name);
        AssertRefused(
            archive.Select(tensor => tensor.Name == Name ? TensorData.Create<float>(Name, tensor.Shape.AsSpan(), Enumerable.Repeat(float.NaN, tensor.Count).ToArray()) : tensor), Name);

        void AssertRefused(IEnumerable<TensorData> tensors, string named) => Assert.That(
            () => ModelFile.FlowFromArchive<float>(Rehashed(tensors, archive.Metadata)), Throws.InstanceOf<ModelFormatException>().With.Message.Contains($"'{named}'"));
    }

    [TestCase("\"hidden\":[9,14]", "\"hidden\":[16777216,16777216]")]
    [TestCase("\"hidden\":[9,14]", "\"hidden\":[-1,14]")]
    [TestCase("\"hidden\":[9,14]", "\"hidden\":\"many\"")]
    [TestCase("\"slope\":0.001", "\"slope\":7")]
    [TestCase("\"slope\":0.001", "\"slope\":0.001,\"extra\":1")]
    [TestCase("\"kind\":\"composition\"", "\"kind\":\"magic\"")]
    [TestCase("\"activation\":\"Tanh\"", "\"activation\":\"Coth\"")]
    [TestCase("\"features\":2", "\"features\":3")]
    [TestCase("{\"kind\"", "{\"kind\":1,\"kind\"")]
    [TestCase("{\"kind\"", "{{")]
    public void An_architecture_that_says_something_else_is_refused(string from, string to)
    {
        using var flow = Models.Affine<float>(2, 0);
        var archive = ModelFile.ToArchive(flow);
        var metadata = archive.Metadata.ToDictionary();
        Assert.That(metadata["flowcore.architecture"], Does.Contain(from));
        metadata["flowcore.architecture"] = metadata["flowcore.architecture"].Replace(from, to, StringComparison.Ordinal);
        Assert.That(() => ModelFile.FlowFromArchive<float>(Rehashed(archive, metadata)), Throws.InstanceOf<ModelFormatException>());
    }

    [Test]
    public void A_plain_state_dictionary_is_told_from_a_model()
    {
        using var flow = Models.Affine<float>(2, 0);
        Assert.That(ModelFile.IsModel(StateDictionary.Write(flow)), Is.False);
        Assert.That(() => ModelFile.FlowFromArchive<float>(StateDictionary.Write(flow)), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("import"));
    }

    private static TensorArchive Rehashed(IEnumerable<TensorData> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var entries = metadata.Where(entry => entry.Key != ModelFile.HashKey).ToList();
        entries.Add(new(ModelFile.HashKey, ModelFile.Hash(new TensorArchive(tensors, entries))));
        return new TensorArchive(tensors, entries);
    }

    private static void AssertSameBits<T>(DensityModel<T> a, DensityModel<T> b)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 60;
        var x = Models.Rows<T>(Rows, a.Features, 1);
        var c = Models.Rows<T>(Rows, a.ContextFeatures, 2);
        var nu = Models.Rows<T>(Rows, a.Nuisances, 3);
        var (first, second) = (new T[Rows], new T[Rows]);
        a.LogDensity(x, new(c, nu), first);
        b.LogDensity(x, new(c, nu), second);
        Assert.That(second, Is.EqualTo(first));
    }
}
