using FlowCore.Autodiff;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>The laws of every transform in the list: inverses, log-determinants, adjoints, bits, precisions, descriptions.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class TransformLawTests
{
    private static readonly LawCase[] _cases = [.. TransformList.Cases(1, 2, 3, 5)];

    [TestCaseSource(nameof(_cases))]
    public void Transforms_obey_all_laws(LawCase law)
    {
        var report = Check(law);
        Assert.That(report.Holds, Is.True, report.ToString());
    }

    internal static LawReport Check(LawCase law) => new TransformCheck(
        law.Make<double>(),
        new TransformCheckOptions { Rows = 11, GradientRows = 2, Seed = law.Seed, ParameterReach = 0, Tolerance = law.Entry.Tolerance }).Run();
}
