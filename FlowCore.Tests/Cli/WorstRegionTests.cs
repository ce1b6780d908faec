using FlowCore.Cli.Judging;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

public sealed class WorstRegionTests
{
    [Test]
    public void A_region_says_in_words_what_is_wrong() => Assert.Multiple(() =>
    {
        Assert.That(
            new WorstRegion("2 <= mass < 3", 30, 12.6, 3.94, 0.001).InWords(),
            Is.EqualTo("Where 2 <= mass < 3 there are 30 rows and the model expects 12.6: it puts too few there, 0.42 of what is seen (+3.9 σ)."));
        Assert.That(
            new WorstRegion("pt < 1", 0, 20, -4.5, 0.001).InWords(),
            Is.EqualTo("Where pt < 1 there are 0 rows and the model expects 20.0: it puts too many there, where there is none (−4.5 σ)."));
    });
}
