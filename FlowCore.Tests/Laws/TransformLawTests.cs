using System.Collections.Concurrent;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>The laws of every transform in the list: inverses, log-determinants, adjoints, bits, precisions, descriptions.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class TransformLawTests
{
    private static readonly ConcurrentDictionary<LawCase, LawReport> _reports = [];
    private static readonly LawCase[] _cases = [.. TransformList.Cases(1, 2, 3, 5)];

    [TestCaseSource(nameof(_cases))]
    public void Transforms_obey_all_laws(LawCase law)
    {
        var report = Check(law);
        Assert.That(report.Holds, Is.True, report.ToString());
    }

    /// <summary>How many laws the check of a case knows.</summary>
    internal static int LawsOf(LawCase law) => Check(law).Laws.Count;

    private static LawReport Check(LawCase law) => _reports.GetOrAdd(law, static law => new TransformCheck(
        law.Make<double>(),
        new TransformCheckOptions { Rows = 11, GradientRows = 2, Seed = law.Seed, ParameterReach = 0, Tolerance = law.Entry.Tolerance }).Run());
}
