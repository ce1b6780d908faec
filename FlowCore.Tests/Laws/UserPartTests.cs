using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.IO;
using FlowCore.Tests.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>Parts of a user's own: known to files and conversions once their list is registered, and an error with one sentence before.</summary>
[TestFixture]
internal sealed class UserPartTests
{
    [Test]
    public void A_part_that_was_registered_saves_loads_and_converts()
    {
        UserParts.Register();
        UserParts.Register();
        using var folder = new TemporaryFolder();
        var path = folder.File("user.safetensors");
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Elementwise<double>(new TanhUnivariate<double>(), 2, "user"));
        flow.Parameters.Parameters[0].Write([0.5, 0.25, -1, 2]);
        flow.Save(path);
        using var back = Flow<double>.Load(path);
        using var single = flow.ConvertTo<float>();
        var (expected, found, near) = (new double[1], new double[1], new float[1]);
        flow.LogDensity([0.3, -2], expected);
        back.LogDensity([0.3, -2], found);
        single.LogDensity([0.3f, -2], near);
        Assert.That(((Elementwise<double>)back.Transform).Univariate, Is.TypeOf<TanhUnivariate<double>>());
        Assert.That(found, Is.EqualTo(expected));
        Assert.That(near[0], Is.EqualTo(expected[0]).Within(1e-5), "a few roundings of 6e-8");
    }

    [Test]
    public void A_part_that_nobody_registered_names_its_class_where_it_is_written()
    {
        using var folder = new TemporaryFolder();
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new UnknownUnivariate<double>(), 1, "unknown"));
        Assert.That(() => flow.Save(folder.File("unknown.safetensors")), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("UnknownUnivariate"));
        Assert.That(() => flow.ConvertTo<float>(), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("PartRegistry.Add"));
        Assert.That(folder.Names(), Is.Empty, "nothing is left behind");
    }

    [Test]
    public void A_kind_that_is_unknown_is_named_together_with_the_file()
    {
        UserParts.Register();
        using var folder = new TemporaryFolder();
        var path = folder.File("other.safetensors");
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new TanhUnivariate<double>(), 1, "user"));
        var archive = ModelFile.ToArchive(flow);
        var metadata = archive.Metadata.ToDictionary();
        metadata[ModelFile.ArchitectureKey] = metadata[ModelFile.ArchitectureKey].Replace("test-tanh", "of-the-future", StringComparison.Ordinal);
        metadata.Remove(ModelFile.HashKey);
        metadata.Add(ModelFile.HashKey, ModelFile.Hash(new TensorArchive(archive, metadata)));
        SafetensorsFile.Write(path, new TensorArchive(archive, metadata));
        Assert.That(
            () => Flow<double>.Load(path),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(path).And.Message.Contains("unknown kind 'of-the-future'").And.Message.Contains("affine"));
    }

    [Test]
    public void A_kind_that_the_library_has_cannot_be_taken() => Assert.That(
        () => FlowCore.Parts.PartRegistry.Add(new ClashingParts()), Throws.ArgumentException.With.Message.Contains("UnknownUnivariate"));

    [Test]
    public void A_composition_whose_ends_do_not_meet_is_refused()
    {
        var toPositive = new Elementwise<double>(new SoftplusUnivariate<double>(), 2, "softplus");
        var fromInterval = new Elementwise<double>(new LogitUnivariate<double>(), 2, "logit");
        Assert.That(
            () => new Composition<double>(2, toPositive, new Elementwise<double>(new Affine<double>(), 2, "affine")),
            Throws.ArgumentException.With.Message.Contains("part 0 to reach all that part 1 reads").And.Message.Contains("the real line"));
        Assert.That(() => new Composition<double>(2, toPositive, new Elementwise<double>(new QuadraticUnivariate<double>(), 2, "quadratic")), Throws.Nothing);
        Assert.That(() => new Composition<double>(2, fromInterval, Permutation<double>.Reversal(3)), Throws.ArgumentException.With.Message.Contains("part 1 to have 2 features"));
        Assert.That(
            () => new Flow<double>(new StandardNormal<double>(2), new Elementwise<double>(new SoftplusUnivariate<double>(), 2, "softplus")),
            Throws.ArgumentException.With.Message.Contains("reaches all of the base distribution's"));
    }

    [Test]
    public void A_row_outside_the_domain_has_no_density_and_leaves_its_neighbours_alone()
    {
        using var flow = new Flow<float>(new StandardNormal<float>(1), new Elementwise<float>(new LogitUnivariate<float>(), 1, "logit"), Device.Cpu);
        var (density, alone) = (new float[3], new float[1]);
        flow.LogDensity([0.25f, 1.5f, 0.5f], density);
        flow.LogDensity([0.5f], alone);
        Assert.That(density[1], Is.EqualTo(float.NegativeInfinity));
        Assert.That(density[2], Is.EqualTo(alone[0]));

        // ln φ(0) + ln 4.
        Assert.That(alone[0], Is.EqualTo(Math.Log(4) - (0.5 * Math.Log(2 * Math.PI))).Within(1e-6));
    }
}
