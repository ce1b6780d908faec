using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Pdfs in files of the library and in state dictionaries of jammy_flows.</summary>
[TestFixture]
internal sealed class PdfFileTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("flowcore-pdf").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(typeof(JammyCase), nameof(JammyCase.Named))]
    public void A_pdf_is_read_back_to_the_same_bits(JammyCase golden)
    {
        using var pdf = golden.Create();
        var path = Path.Combine(_folder, "pdf.safetensors");
        pdf.Save(path);
        using var back = Pdf<double>.Load(path);
        Assert.That(Numbers(back), Is.EqualTo(Numbers(pdf)));
        Assert.That(back.Definition.ManifoldText, Is.EqualTo(pdf.Definition.ManifoldText));
        Assert.That(back.Sample(3, 1, back.ContextFeatures == 0 ? default : new double[back.ContextFeatures]).ToArray(), Is.EqualTo(pdf.Sample(3, 1, pdf.ContextFeatures == 0 ? default : new double[pdf.ContextFeatures]).ToArray()));
    }

    [Test]
    public void A_pdf_with_a_scale_of_its_condition_is_the_pdf_at_the_scaled_condition_and_the_file_holds_it()
    {
        // Powers of two, so that the standardised numbers are exact.
        var scale = new LocationScale([1024, -2], [256, 0.5]);
        var options = new PdfOptions { ConditionColumns = [2], NetworkSizes = ["5"], DampingFactor = 1, PredictsLogMean = true, LogMeanNetworkSizes = "3" };
        using var bare = new Pdf<double>("e1+s1", "g+m", options);
        using var pdf = new Pdf<double>("e1+s1", "g+m", options with { ConditionScale = scale });
        var path = Path.Combine(_folder, "scaled.safetensors");
        pdf.Save(path);
        using var back = Pdf<double>.Load(path);
        double[,] x = { { 0.3, 1.5 } };
        double[] context = [1280, -1], scaled = [1, 2];
        Assert.That(back.Options.ConditionScale!.Location, Is.EqualTo(scale.Location));
        foreach (var model in new[] { pdf, back })
        {
            Assert.That(model.Evaluate(new(x), context).LogDensity.ToArray(), Is.EqualTo(bare.Evaluate(new(x), scaled).LogDensity.ToArray()));
            Assert.That(model.Sample(5, 1, context).ToArray(), Is.EqualTo(bare.Sample(5, 1, scaled).ToArray()));
            Assert.That(model.LogMeanPoisson(context).ToArray(), Is.EqualTo(bare.LogMeanPoisson(scaled).ToArray()));
        }

        Assert.That(() => JammyWeights.Write(pdf), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("conditions as they are"));
        Assert.That(() => new Pdf<double>("e1", "g", options with { ConditionScale = new([0], [1]) }), Throws.ArgumentException.With.Message.Contains("Expected 2 locations and scales, got 1 and 1"));
        Assert.That(() => new Pdf<double>("e1", "g", options with { ConditionScale = scale, TakesParameters = true }), Throws.ArgumentException.With.Message.Contains("TakesParameters"));
    }

    [TestCaseSource(typeof(JammyCase), nameof(JammyCase.Named))]
    public void A_state_dictionary_is_written_as_it_was_read(JammyCase golden)
    {
        using var pdf = golden.Create();
        var written = JammyWeights.Write(pdf);
        var given = golden.Arrays.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).ToDictionary(tensor => tensor.Name["param/".Length..]);
        Assert.That(written.Select(tensor => tensor.Name), Is.EquivalentTo(given.Keys));
        foreach (var tensor in written)
        {
            Assert.That(tensor.ToArray<double>(), Is.EqualTo(given[tensor.Name].ToArray<double>()), tensor.Name);
            Assert.That(tensor.Shape, Is.EqualTo(given[tensor.Name].Shape), tensor.Name);
        }
    }

    [Test]
    public void A_missing_a_surplus_and_a_misshaped_tensor_are_refused_by_name()
    {
        using var pdf = new Pdf<double>("s1+i1", "m+r");
        var state = JammyWeights.Write(pdf);
        Assert.That(
            () => JammyWeights.Read<double>(new TensorArchive(state.Skip(1)), "s1+i1", "m+r"),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains(state[0].Name));
        Assert.That(
            () => JammyWeights.Read<double>(new TensorArchive(state.Append(TensorData.Create<double>("surplus", [1], [1.0]))), "s1+i1", "m+r"),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains("surplus"));
        Assert.That(
            () => JammyWeights.Read<double>(new TensorArchive(state.Skip(1).Append(TensorData.Create<double>(state[0].Name, [1], [1.0]))), "s1+i1", "m+r"),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains("has 1 numbers; expected"));
    }

    [TestCase("{\"amortization_mlp_dims\": 64.5}", "Expected integers with hyphens")]
    [TestCase("{\"typo\": 1}", "The option 'typo' is not known")]
    [TestCase("[1]", "Expected a JSON object for the options")]
    [TestCase("{", "Expected a JSON object of options")]
    [TestCase("{\"options_overwrite\": {\"mm\": {}}}", "Expected a letter, the index of a factor")]
    [TestCase("{\"options_overwrite\": {\"m\": {\"typo\": 1}}}", "has no option 'typo'")]
    [TestCase("{\"amortization_mlp_highway_mode\": \"4\"}", "Expected an integer for the option 'amortization_mlp_highway_mode'")]
    public void A_wrong_option_is_named(string json, string message) =>
        Assert.That(() => new Pdf<double>("s1+s1", "m+m", JammyWeights.Options(json)), Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void Two_slopes_of_a_mirrored_spline_are_one()
    {
        var options = new PdfOptions().With('r', new Dictionary<string, OptionValue> { ["smooth_second_derivative"] = 1, ["num_basis_functions"] = 3 });
        using var pdf = new Pdf<double>("i1", "r", options);
        PdfCase.Stir(pdf, 0.5);
        var state = JammyWeights.Write(pdf);
        var slopes = state.Single(tensor => tensor.Name.EndsWith("rel_log_derivatives", StringComparison.Ordinal));
        Assert.That(slopes.Shape.ToArray(), Is.EqualTo(new[] { 1L, 2 }));
        using var back = JammyWeights.Read<double>(state, "i1", "r", options);
        Assert.That(Numbers(back), Is.EqualTo(Numbers(pdf)));
        var differing = state.Select(tensor => tensor.Name == slopes.Name ? TensorData.Create<double>(tensor.Name, [1, 2], [0.5, 0.6]) : tensor);
        Assert.That(() => JammyWeights.Read<double>(new TensorArchive(differing), "i1", "r", options), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("rel_log_derivatives"));
    }

    [Test]
    public void A_flow_is_not_a_pdf()
    {
        using var pdf = new Pdf<double>("s1", "m");
        var path = Path.Combine(_folder, "pdf.safetensors");
        pdf.Save(path);
        Assert.That(() => FlowCore.Distributions.Flow<double>.Load(path), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("expected a 'flow'"));
    }

    private static double[] Numbers(Pdf<double> pdf) => [.. pdf.Parameters.Parameters.SelectMany(parameter =>
    {
        var values = new double[parameter.Length];
        parameter.Read(values);
        return values;
    })];
}
