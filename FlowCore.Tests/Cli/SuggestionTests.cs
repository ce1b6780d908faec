using CommandLine;
using FactorizableFlow.Configuration;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

[TestFixture]
public sealed class SuggestionTests
{
    private static readonly string[] _keys = ["batch_size", "nepochs", "steps_per_epoch", "lr"];

    [TestCase("batchsize", "batch_size")]
    [TestCase("Batch-Size", "batch_size")]
    [TestCase("nepcohs", "nepochs")]
    [TestCase("epochs", "nepochs")]
    [TestCase("step_per_epoch", "steps_per_epoch")]
    [TestCase("rl", "lr")]
    public void The_nearest_valid_word_is_found(string word, string expected) =>
        Assert.That(Suggestion.Nearest(word, _keys), Is.EqualTo(expected));

    [TestCase("momentum")]
    [TestCase("x")]
    public void Nothing_is_suggested_where_nothing_is_near(string word) =>
        Assert.That(Suggestion.Nearest(word, _keys), Is.Null);

    [Test]
    public void Without_a_near_word_the_valid_ones_are_listed() =>
        Assert.That(Suggestion.Phrase("momentum", _keys), Is.EqualTo("; valid here: batch_size, nepochs, steps_per_epoch, lr."));
}
