using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The strings of pdfs: what they say, and what is said of wrong ones.</summary>
[TestFixture]
internal sealed class PdfDefinitionTests
{
    [Test]
    public void Strings_say_the_manifolds_and_the_letters()
    {
        var definition = PdfDefinition.Parse("d3+d2+d17", "k+k+k");
        Assert.That(definition.Factors.Select(factor => factor.ToString()), Is.EqualTo(new[] { "d3", "d2", "d17" }));
        Assert.That(definition.Letters, Is.EqualTo(new[] { "k", "k", "k" }));
    }

    [TestCase("", "k", "at the end of \"\"")]
    [TestCase("q2", "k", "at character 1 of \"q2\", got 'q'")]
    [TestCase("d3+", "k+k", "at the end of \"d3+\"")]
    [TestCase("d3+x2", "k+k", "at character 4 of \"d3+x2\", got 'x'")]
    [TestCase("e0", "g", "a dimension of at least 1 at character 2")]
    [TestCase("e", "g", "the dimension of 'e' at the end")]
    [TestCase("s3", "f", "1 or 2, the circle or the sphere at character 2")]
    [TestCase("d1", "k", "at least 2 classes at character 2")]
    [TestCase("i2", "r", "1, for intervals have one dimension at character 2")]
    [TestCase("i1_5_2", "r", "an upper end above the lower one at character 6")]
    [TestCase("i1_a_2", "r", "the lower end of the interval, a decimal number at character 4")]
    [TestCase("i1_5", "r", "the ends of the interval as _<lo>_<hi> at character 3")]
    [TestCase("e2_0_1", "g", "only intervals have ends at character 3")]
    [TestCase("d3+d2", "k", "Expected layers for 2 factors, as \"d3+d2\" has, got 1")]
    [TestCase("d3+d2", "k+", "a letter of \"k\" for factor 1, d2 at the end of \"k+\"")]
    [TestCase("d3+d2", "k+kz", "a letter of \"k\" for factor 1, d2 at character 4 of \"k+kz\", got 'z'")]
    public void A_wrong_string_is_refused_at_its_character(string manifolds, string layers, string message) =>
        Assert.That(() => PdfDefinition.Parse(manifolds, layers), Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void Options_that_are_not_the_letters_or_out_of_range_are_refused()
    {
        Assert.That(
            () => new Pdf<double>("d3", "k", new PdfOptions().With('k', new Dictionary<string, OptionValue> { ["temperature"] = 1.0 })),
            Throws.ArgumentException.With.Message.Contains("The letter 'k' has no option 'temperature'"));
        Assert.That(() => LayerOption.Flag("add_rotation", false).Checked(2.0), Throws.ArgumentException.With.Message.Contains("Expected 0 or 1 for the option 'add_rotation', got 2"));
        Assert.That(() => LayerOption.WholeNumber("bins", 5, 1).Checked(0.5), Throws.ArgumentException.With.Message.Contains("an integer of at least 1"));
        Assert.That(() => LayerOption.Choice("mode", "a", "b").Checked("c"), Throws.ArgumentException.With.Message.Contains("one of \"a\", \"b\""));
    }
}
