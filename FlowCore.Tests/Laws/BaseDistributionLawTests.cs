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
        var distribution = entry.Create(features);
        var report = new BaseDistributionCheck(distribution).Run();
        Assert.That(report.Holds, Is.True, report.ToString());
        Assert.That(report.Laws.Count(law => law.Law.StartsWith('∫')), Is.EqualTo(distribution.Features <= 2 && distribution.Domain.Axes is not null ? 1 : 0));
    }
}
