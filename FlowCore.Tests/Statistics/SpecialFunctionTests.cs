using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.Statistics;

[TestFixture]
internal sealed class SpecialFunctionTests
{
    // Tabulated values; those of Φ far out are ½ erfc(−z/√2).
    [TestCase(-10, 7.619853024160527e-24)]
    [TestCase(-5, 2.866515718791939e-7)]
    [TestCase(1, 0.8413447460685429)]
    public void Normal_probabilities_keep_their_digits_in_the_tails(double z, double expected)
    {
        Assert.That(SpecialFunctions.NormalCdf(z), Is.EqualTo(expected).Within(1e-13 * expected));
        Assert.That(SpecialFunctions.LogNormalCdf(z), Is.EqualTo(Math.Log(expected)).Within(1e-12));
        Assert.That(SpecialFunctions.NormalQuantile(expected), Is.EqualTo(z).Within(1e-12));
    }

    [Test]
    public void Quantiles_end_at_infinity_and_nothing_lies_beyond()
    {
        Assert.That(SpecialFunctions.NormalQuantile(0), Is.EqualTo(double.NegativeInfinity));
        Assert.That(SpecialFunctions.NormalQuantile(1), Is.EqualTo(double.PositiveInfinity));
        Assert.That(() => SpecialFunctions.NormalQuantile(1.1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SpecialFunctions.NormalQuantile(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    // −γ; ψ(½) = −γ − 2 ln 2; ψ(10); Abramowitz and Stegun, table 6.1 and 6.3.
    [TestCase(1, -0.5772156649015329)]
    [TestCase(0.5, -1.9635100260214235)]
    [TestCase(10, 2.251752589066721)]
    public void The_digamma_function_is_that_of_the_tables(double x, double expected) =>
        Assert.That(SpecialFunctions.Digamma(x), Is.EqualTo(expected).Within(1e-13 * Math.Max(1, Math.Abs(expected))));

    // ln √π, ln 9!, and ln Γ(100) of table 6.4.
    [TestCase(0.5, 0.5723649429247001)]
    [TestCase(10, 12.801827480081469)]
    [TestCase(100, 359.1342053695754)]
    public void The_logarithm_of_gamma_is_that_of_the_tables(double x, double expected) =>
        Assert.That(SpecialFunctions.LogGamma(x), Is.EqualTo(expected).Within(1e-11));

    [Test]
    public void What_is_not_defined_is_refused()
    {
        Assert.That(() => SpecialFunctions.Digamma(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SpecialFunctions.LogGamma(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SpecialFunctions.ChiSquareTail(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(0.5)]
    [TestCase(1.2)]
    [TestCase(3)]
    public void The_logarithm_of_Kolmogorovs_tail_is_its_logarithm(double lambda) =>
        Assert.That(SpecialFunctions.LogKolmogorovTail(lambda), Is.EqualTo(Math.Log(SpecialFunctions.KolmogorovTail(lambda))).Within(1e-12));

    [Test]
    public void The_logarithm_of_Kolmogorovs_tail_has_no_floor() =>
        Assert.That(SpecialFunctions.LogKolmogorovTail(100), Is.EqualTo(Math.Log(2) - 20_000).Within(1e-10));
}
