using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The recommended layers and options.</summary>
[TestFixture]
internal sealed class PdfPresetsTests
{
    [TestCase("e3_gggt_recommended")]
    [TestCase("s2_f_recommended")]
    public void They_are_those_that_jammy_flows_recommends(string name)
    {
        // With the same fresh numbers, options that say the same make the same density.
        var golden = JammyCase.All().Single(golden => golden.Name == name);
        using var expected = golden.Create();
        using var pdf = new Pdf<double>(golden.Manifolds, golden.Layers, PdfPresets.OptionsFor(golden.Layers));
        Assert.That(pdf.Parameters.Length, Is.EqualTo(expected.Parameters.Length));
        for (var i = 0; i < pdf.Parameters.Parameters.Count; i++)
            expected.Parameters.Parameters[i].CopyTo(pdf.Parameters.Parameters[i]);
        var x = golden.Arrays["eval_x"].ToArray<double>();
        var (logs, theirs) = (new double[x.Length / pdf.Features], new double[x.Length / pdf.Features]);
        pdf.LogDensity(x, logs);
        expected.LogDensity(x, theirs);
        Assert.That(logs, Is.EqualTo(theirs));
    }

    [Test]
    public void Every_space_has_layers()
    {
        Assert.That(PdfPresets.LayersFor("e1+e5+s1+s2+i1_-1_4+a2+d3"), Is.EqualTo("gggt+gggggt+m+fff+rr+w+k"));
        using var pdf = PdfPresets.Create<float>("e2+s1+s2+i1_-1_4+a2+d3");
        var sample = pdf.Draw(50, seed: 1);
        var logs = new float[50];
        sample.LogDensity.FlattenTo(logs);
        Assert.That(logs, Has.All.Matches<float>(float.IsFinite));
        Assert.That(() => PdfPresets.LayersFor("q2"), Throws.ArgumentException.With.Message.Contains("character 1"));
    }

    [Test]
    public void What_is_said_of_a_letter_holds()
    {
        var said = new Dictionary<string, OptionValue> { ["cov_type"] = "identity" };
        using var all = PdfPresets.Create<double>("e2+e2", new PdfOptions().With('t', said));
        using var one = PdfPresets.Create<double>("e2+e2", new PdfOptions().With(1, 't', said));
        using var none = PdfPresets.Create<double>("e2+e2");

        // The full matrix has three numbers; the second factor's are outputs of 128 hidden units and a bias.
        Assert.That(Numbers(none) - Numbers(one), Is.EqualTo(3 * 129));
        Assert.That(Numbers(one) - Numbers(all), Is.EqualTo(3));
    }

    private static int Numbers(Pdf<double> pdf) => pdf.Parameters.Parameters.Sum(parameter => parameter.Length);
}
