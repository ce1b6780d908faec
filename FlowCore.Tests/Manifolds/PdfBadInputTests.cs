using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Files;
using FlowCore.Inference;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>What is given to a pdf by mistake, and what it says.</summary>
[TestFixture]
internal sealed class PdfBadInputTests
{
    [Test]
    public void Options_of_a_letter_that_does_not_stand_there_are_refused()
    {
        var nothing = new Dictionary<string, OptionValue>();
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions().With('Q', nothing)), Throws.ArgumentException.With.Message.Contains("some of 'Q'"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions().With(1, 'm', nothing)), Throws.ArgumentException.With.Message.Contains("in factor 1"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { DampingFactor = double.PositiveInfinity }), Throws.ArgumentException);
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { DampingFactor = double.Epsilon }), Throws.ArgumentException);
    }

    [Test]
    public void Nothing_in_the_options_is_named_and_counts_are_those_of_the_factors()
    {
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { NetworkSizes = [null!] }), Throws.ArgumentNullException.With.Message.Contains("NetworkSizes"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { NetworkRanks = null! }), Throws.ArgumentNullException.With.Message.Contains("NetworkRanks"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { InnerNetworkSizes = [null!] }), Throws.ArgumentNullException.With.Message.Contains("InnerNetworkSizes"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { InnerNetworkRanks = [null!] }), Throws.ArgumentNullException.With.Message.Contains("InnerNetworkRanks"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { ConditionColumns = null! }), Throws.ArgumentNullException.With.Message.Contains("ConditionColumns"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { Coordinates = null! }), Throws.ArgumentNullException.With.Message.Contains("Coordinates"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { Layers = null! }), Throws.ArgumentNullException.With.Message.Contains("Layers"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { LogMeanNetworkSizes = null! }), Throws.ArgumentNullException.With.Message.Contains("LogMeanNetworkSizes"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { Coordinates = [(Coordinates)5] }), Throws.ArgumentException.With.Message.Contains("coordinates"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions { NetworkSizes = ["4", "5"] }), Throws.ArgumentException.With.Message.Contains("NetworkSizes"));
        Assert.That(() => new Pdf<double>("s1+s1", "m+m", new PdfOptions { Coordinates = [Coordinates.Intrinsic, Coordinates.Intrinsic, Coordinates.Embedding] }), Throws.ArgumentException.With.Message.Contains("got 3"));
        Assert.That(() => new Pdf<double>("s1+s1", "m+m", new PdfOptions { NetworkRanks = [] }), Throws.ArgumentException.With.Message.Contains("NetworkRanks"));
    }

    [Test]
    public void Errors_name_what_the_caller_gave()
    {
        var wrong = new Dictionary<string, OptionValue> { ["num_basis_functions"] = -1 };
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions().With('m', wrong)), Throws.ArgumentException.With.Property("ParamName").EqualTo("options"));
        Assert.That(() => new Pdf<double>("s1", "m", new PdfOptions().With('q', wrong)), Throws.ArgumentException.With.Property("ParamName").EqualTo("Layers"));
        Assert.That(
            () => new Pdf<double>("s1+s1", "m+m", new PdfOptions { NetworkSizes = ["4-x"], UsesCustomNetworks = true }), Throws.ArgumentException.With.Property("ParamName").EqualTo("NetworkSizes"));
        Assert.That(
            () => new Pdf<double>("s1+s1", "m+m", new PdfOptions { NetworkRanks = ["?"], UsesCustomNetworks = true }), Throws.ArgumentException.With.Property("ParamName").EqualTo("NetworkRanks"));
    }

    [TestCase("i1_0_1" + "0000000000000000000000000000000000000000")]
    [TestCase("i1_16777216_16777217")]
    [TestCase("i1_-300000000000000000000000000000000000000_300000000000000000000000000000000000000")]
    public void An_interval_that_single_precision_does_not_hold_is_refused(string manifold)
    {
        Assert.That(() => new Pdf<float>(manifold, "r"), Throws.ArgumentException.With.Message.Contains("Single"));
        using var pdf = new Pdf<double>(manifold, "r");
        Assert.That(() => pdf.ConvertTo<float>(), Throws.ArgumentException.With.Message.Contains("Single"));
    }

    [Test]
    public void A_mean_takes_the_conditions_of_the_pdf_and_no_more([Values] bool isJoint)
    {
        using var pdf = new Pdf<double>("e1", "t", new PdfOptions { PredictsLogMean = true, JoinsLogMean = isJoint, ConditionColumns = [2] });
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new FlowCore.Autodiff.Tape<double>(kernels);
        tape.Begin(1, record: false);
        Assert.That(() => pdf.LogMeanPoisson(tape, tape.Input([1, 2, 3], 3)), Throws.ArgumentException.With.Message.Contains("2 columns"));
        Assert.That(() => pdf.LogMeanPoisson(tape), Throws.ArgumentException.With.Message.Contains("2 columns"));
        Assert.That(pdf.LogMeanPoisson(tape, tape.Input([1, 2], 2)).Columns, Is.EqualTo(1));
    }

    [Test]
    public void Numbers_at_the_end_of_the_arithmetic_have_no_density_and_no_NaN(
        [Values("g", "gg", "h", "t", "p", "pp", "x", "gt")] string layers, [Values(1e30, 1e154, 1e300, 1e308)] double size)
    {
        using var pdf = new Pdf<double>("e1", layers);
        var (logs, gradients) = (new double[2], new double[2]);
        pdf.LogDensityGradient([size, -size], default, logs, gradients);
        Assert.That(logs, Has.All.LessThan(-50.0));
        Assert.That(gradients, Has.None.NaN);
    }

    [Test]
    public void A_corner_of_a_simplex_has_a_gradient_in_single_precision([Values("w", "u")] string layers, [Values(1e-20f, 1e-23f, 1e-30f, 1e-37f)] float small)
    {
        using var pdf = new Pdf<float>("a2", layers);
        var (logs, gradients) = (new float[3], new float[6]);
        pdf.LogDensityGradient([small, 0.5f, small, small, 1 - small, small], default, logs, gradients);
        Assert.That(logs, Has.None.NaN);
        Assert.That(gradients, Has.None.NaN);
    }

    [TestCase("a50000000", "w")]
    [TestCase("e2000000", "x")]
    public void A_file_that_names_more_than_it_holds_is_refused_before_memory_is_taken(string manifold, string layers)
    {
        using var pdf = new Pdf<double>("s1", "m");
        var archive = ModelFile.ToArchive(pdf);
        var text = archive.Metadata[ModelFile.ArchitectureKey].Replace("\"s1\"", $"\"{manifold}\"", StringComparison.Ordinal).Replace("\"m\"", $"\"{layers}\"", StringComparison.Ordinal);
        var metadata = new List<KeyValuePair<string, string>>
        {
            new(ModelFile.FormatKey, ModelFile.Format), new(ModelFile.VersionKey, ModelFile.LibraryVersion), new(ModelFile.ArchitectureKey, text),
        };
        metadata.Add(new(ModelFile.HashKey, ModelFile.Hash(new TensorArchive(archive, metadata))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ModelFile.PdfFromArchive<double>(new TensorArchive(archive, metadata)), Throws.InstanceOf<ModelFormatException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000_000));
    }

    [Test]
    public void A_transposed_weight_of_a_network_is_refused()
    {
        var options = new PdfOptions { NetworkSizes = ["2"] };
        using var pdf = new Pdf<double>("s1+s1", "m+m", options);
        var state = JammyWeights.Write(pdf).Select(tensor => tensor.Name.EndsWith("mlp_predictors.1.2.weight", StringComparison.Ordinal)
            ? TensorData.Create<double>(tensor.Name, [tensor.Shape[1], tensor.Shape[0]], tensor.ToArray<double>())
            : tensor);
        Assert.That(() => JammyWeights.Read<double>(new TensorArchive(state), "s1+s1", "m+m", options), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("mlp_predictors.1.2.weight"));
        Assert.That(() => JammyWeights.Options("{\"\\ud800\": 1}"), Throws.ArgumentException);
    }

    [Test]
    public void A_condition_that_is_missing_or_one_too_many_is_named()
    {
        using var pdf = new Pdf<double>("s1", "m", new PdfOptions { ConditionColumns = [1] });
        Assert.That(() => pdf.Draw(10, 1), Throws.ArgumentException.With.Message.Contains("condition"));
        Assert.That(() => pdf.Moments(10, 1), Throws.ArgumentException.With.Message.Contains("condition"));
        double[] two = [0.3, -2];
        Assert.That(() => pdf.Divergence(pdf, 100, 1, new ReadOnlyTensorSpan<double>(two, [2, 1]), new ReadOnlyTensorSpan<double>(two, [2, 1])), Throws.ArgumentException.With.Message.Contains("one condition"));
    }

    [Test]
    public void Angles_of_many_turns_are_angles()
    {
        // A turn more loses the digits of the turns: 10⁴ turns of single precision are 6e4, whose neighbours are 4e-3 apart; of double 1e-11.
        using var pdf = new Pdf<double>("s2", "f");
        var x = new[] { 1, 0.5, 1, 0.5 + (10_000 * 2 * Math.PI), 1, 1e300 };
        var logs = new double[3];
        pdf.LogDensity(x, logs);
        Assert.That(logs[1], Is.EqualTo(logs[0]).Within(1e-9));
        Assert.That(logs[2], Is.InRange(-20.0, 20.0));
        using var single = new Pdf<float>("s2", "f");
        var narrow = new float[2];
        single.LogDensity([1, 3e8f, 1, 1e15f], narrow);
        Assert.That(narrow.All(log => log is > -20 and < 20));
    }

    [Test]
    public void An_event_outside_lies_in_no_region()
    {
        using var pdf = new Pdf<double>("i1", "r");
        var coverage = ModelDiagnostics.BaseCoverage(pdf, [0.1, 0.2, 1.5, 0.7]);
        Assert.That(coverage.Events, Is.EqualTo(4));
        Assert.That(ModelDiagnostics.WhiteNoise(pdf, [0.1, 0.2, 1.5, 0.7])[2], Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void Samples_too_far_apart_for_the_arithmetic_are_an_error_and_not_a_p_value()
    {
        double[] low = [-1e200, -1e200, -1.1e200], high = [1e200, 1e200, 1.1e200];
        Assert.That(() => TwoSample.Energy<double>(low, high, 1), Throws.ArgumentException.With.Message.Contains("variance"));
        Assert.That(() => TwoSample.Mmd<double>([1e39, 1.1e39, 1.2e39], [1e39, 1.1e39, 1.2e39], 1, new TwoSampleOptions { Standardise = false }), Throws.ArgumentException.With.Message.Contains("single precision"));
    }

    [Test]
    public void A_divergence_from_a_law_that_has_no_density_there_is_infinite()
    {
        using var normal = new Pdf<double>("e1", "t");
        using var interval = new Pdf<double>("i1", "r");
        var divergence = normal.KullbackLeibler(interval);
        Assert.That(divergence.Value, Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void Laws_of_directions_keep_their_digits_at_the_ends()
    {
        double[] pole = [0, 0, 1];
        Assert.That(new Kent(pole, [1, 0, 0], [0, 1, 0], 1e-100, 1).LogDensity(pole), Is.EqualTo(-Math.Log(4 * Math.PI)).Within(1e-14));
        Assert.That(VonMisesFisher.Entropy(1e14, 2), Is.EqualTo(Math.Log(2 * Math.PI * Math.E / 1e14)).Within(1e-13));
        Assert.That(VonMisesFisher.Entropy(1e12, 1), Is.EqualTo(0.5 * Math.Log(2 * Math.PI * Math.E / 1e12)).Within(1e-12));
        Assert.That(() => VonMisesFisher.CoverageOnSphere(9, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
