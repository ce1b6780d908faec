using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>The checkers themselves: they find what is wrong, say where, and put parameters back.</summary>
[TestFixture]
internal sealed class CheckTests
{
    [Test]
    public void A_univariate_map_of_a_user_is_checked_under_every_conditioner()
    {
        UserParts.Register();
        var report = new UnivariateCheck(new TanhUnivariate<double>(), new TransformCheckOptions { Tolerance = 1e-8 }).Run();
        Assert.That(report.Holds, Is.True, report.ToString());
        foreach (var conditioner in (string[])["elementwise, ", "elementwise, shared", "conditional", "masked", "coupling"])
            Assert.That(report.Laws.Any(law => law.Law.StartsWith(conditioner, StringComparison.Ordinal)), conditioner);
    }

    [TestCase(Fault.Inverse, "f⁻¹(f(x)) = x")]
    [TestCase(Fault.LogDet, "forward: ℓ is ln |det J| of the tape's Jacobian")]
    [TestCase(Fault.InverseLogDet, "forward: ℓ and that of the way back cancel")]
    [TestCase(Fault.Neighbour, "forward: a row's bits are its own")]
    [TestCase(Fault.Adjoint, "forward: adjoints are those of central differences")]
    [TestCase(Fault.Outside, "a row outside the domain has ℓ = −∞ and leaves its neighbours alone")]
    [TestCase(Fault.Unregistered, "a copy made of its description has the same bits")]
    public void What_is_wrong_fails_its_law(Fault fault, string law)
    {
        var report = new TransformCheck(new FaultyTransform(fault)).Run();
        Assert.That(report.Laws.Single(result => result.Law == law).Holds, Is.False, report.ToString());
        Assert.That(report.ThrowIfFailed, Throws.InvalidOperationException.With.Message.Contains($"FAILS  {law}"));
        Assert.That(report.Laws.Count(result => !result.Holds), Is.LessThan(report.Laws.Count / 2 + 1));
    }

    [Test]
    public void Parameters_come_back_and_may_join_a_model_afterwards()
    {
        var transform = new TriangularLinear<double>(3, "linear");
        var (before, after) = (new double[9], new double[9]);
        transform.Parameters[0].Read(before);
        new TransformCheck(transform).Run().ThrowIfFailed();
        transform.Parameters[0].Read(after);
        Assert.That(after, Is.EqualTo(before));
        using var flow = new Flow<double>(new StandardNormal<double>(3), transform);
        new TransformCheck(transform).Run().ThrowIfFailed();
        transform.Parameters[0].Read(after);
        Assert.That(after, Is.EqualTo(before));
        Assert.That(transform.Parameters[0].Store, Is.SameAs(flow.Parameters));
    }

    [Test]
    public void Rows_and_conditions_can_be_given()
    {
        var law = TransformList.Cases(2).First(entry => entry.Conditions == 2);
        var options = new TransformCheckOptions { Inputs = new double[] { 0, 0, 1, 2, -3, 4 }, Conditions = new double[] { 0, 0, 1, 1, 2, 2 } };
        new TransformCheck(law.Make<double>(), options).Run().ThrowIfFailed();
        Assert.That(() => new TransformCheck(law.Make<double>(), options with { Inputs = new double[5] }), Throws.ArgumentException.With.Message.Contains("3 or more rows of 2 inputs"));
        Assert.That(() => new TransformCheck(law.Make<double>(), options with { Conditions = new double[4] }), Throws.ArgumentException.With.Message.Contains("3 rows of 2 conditions"));
    }

    [Test]
    public void A_density_of_another_size_fails_its_integral()
    {
        var report = new BaseDistributionCheck(new HalfNormalised()).Run();
        Assert.That(report.Laws.Single(law => law.Law == "∫ p = 1").Deviation, Is.EqualTo(1).Within(1e-9));
        Assert.That(report.Laws.Count(law => !law.Holds), Is.GreaterThanOrEqualTo(2), report.ToString());
    }

    [Test]
    public void A_kink_beside_the_argument_is_no_wrong_gradient()
    {
        // |x| at 1e-4: the step of 1e-3 crosses the kink, the smallest does not.
        Assert.That(new GradientCheck(1).Block([1e-4], 1).Run((_, leaves) => leaves[0].Abs()).Relative, Is.GreaterThan(0.1));
        Assert.That(new GradientCheck(1).Block([1e-4], 1).AmongKinks(1e-6).Run((_, leaves) => leaves[0].Abs()).Relative, Is.LessThan(1e-6));
        Assert.That(() => new GradientCheck(1).AmongKinks(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_determinant_knows_its_roundings()
    {
        // Triangular: no products cancel, whatever stands beside the diagonal; one rounding for each pivot.
        Assert.That(Determinant.LogAbs(new double[,] { { 2, 1e9 }, { 0, 3 } }, out var rounding), Is.EqualTo(Math.Log(6)).Within(1e-15));
        Assert.That(rounding, Is.EqualTo(Math.ScaleB(1, -52)).Within(1e-30));

        // 1 · (1 + 2⁻⁴⁰) − 1 · 1: of the roundings of about 2⁻⁵³ remain four, on a pivot of 2⁻⁴⁰.
        Assert.That(Determinant.LogAbs(new double[,] { { 1, 1 }, { 1, 1 + Math.ScaleB(1, -40) } }, out rounding), Is.EqualTo(-40 * Math.Log(2)).Within(1e-14));
        Assert.That(rounding, Is.InRange(Math.ScaleB(1, -13), Math.ScaleB(1, -11)));
    }
}
