using FlowCore.Distributions;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>The laws of every base distribution in the list.</summary>
[TestFixture]
internal sealed class BaseDistributionLawTests
{
    private static readonly IReadOnlyList<BaseDistributionEntry> _entries = BaseDistributionList.All;

    [Test]
    public void Base_distributions_obey_all_laws([ValueSource(nameof(_entries))] BaseDistributionEntry entry, [Values(1, 2, 3, 5)] int features)
    {
        var report = new BaseDistributionCheck(entry.Create(features)).Run();
        Assert.That(report.Holds, Is.True, report.ToString());
        Assert.That(report.Laws.Count(law => law.Law.StartsWith('∫')), Is.EqualTo(features <= 2 ? 1 : 0));
    }
}
