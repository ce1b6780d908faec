using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

[TestFixture]
public sealed class QuadraticSplineTests
{
    [Test]
    public void The_inverse_has_its_derivative_at_the_ends_too()
    {
        // There the root of the inverse is a height itself, which is also what rounding is kept from going below.
        for (var seed = 0UL; seed < 40; seed++)
        {
            var spline = new Elementwise<double>(new QuadraticSpline<double>(new BinnedSplineSettings(3, 3)), 1, "map");
            using var store = new ParameterStore<double>(Device.Cpu, spline.Parameters);
            foreach (var parameter in spline.Parameters)
            {
                var numbers = new double[parameter.Length];
                new RandomStream(seed).FillNormal<double>(numbers);
                parameter.Write(numbers);
            }

            using var map = new TransformEvaluation<double>(spline, Device.Cpu, 2);
            var law = new DirectionOfTransform(map, true, [3, -3], [], 2).HasDeterminant(1e-12);
            Assert.That(law.Holds, Is.True, $"seed {seed}: {law}");
        }
    }
}
