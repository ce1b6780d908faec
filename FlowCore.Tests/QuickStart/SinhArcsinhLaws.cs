using FlowCore.Transforms;
using NUnit.Framework;
using QuickStart;

namespace FlowCore.Tests.QuickStart;

/// <summary>The laws of the transform of docs/extending.md, under every conditioner.</summary>
[TestFixture]
internal sealed class SinhArcsinhLaws
{
    [Test]
    public void Both_forms_obey_them([Values] bool closed)
    {
        FlowCore.Parts.PartRegistry.Add(new OwnParts());
        var univariate = closed ? new ClosedSinhArcsinh<double>() : new SinhArcsinh<double>();
        new UnivariateCheck(univariate).Run().ThrowIfFailed();
        var transform = new Elementwise<double>(univariate, 2, "map");
        new TransformCheck(transform).Run().ThrowIfFailed();
    }
}
