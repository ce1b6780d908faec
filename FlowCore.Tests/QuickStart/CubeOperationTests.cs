using FlowCore.Autodiff;
using NUnit.Framework;
using QuickStart;

namespace FlowCore.Tests.QuickStart;

/// <summary>The operation of docs/extending.md.</summary>
[TestFixture]
internal sealed class CubeOperationTests
{
    private static readonly double[] _numbers = [0.3, -1.2, 0.8, 2.1, -0.4, 0.9];

    [Test]
    public void Its_gradient_and_the_gradient_of_its_tangent_agree_with_differences()
    {
        var gradient = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Run((_, leaves) => CubeOperation<double>.Apply(leaves[0]));
        var tangent = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Block(_numbers, columns: 2)
            .Run((tape, leaves) => tape.PushForward(CubeOperation<double>.Apply(leaves[0]), leaves[0], leaves[1]));
        Assert.That(gradient.Relative, Is.LessThan(1e-8), gradient.ToString());
        Assert.That(tangent.Relative, Is.LessThan(1e-8), tangent.ToString());
    }
}
