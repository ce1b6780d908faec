using FlowCore.Diagnostics;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>Tests of uniformity, their bands, corrections and strata.</summary>
[TestFixture]
public sealed class UniformityTests
{
    [Test]
    public void A_comb_that_Kolmogorov_cannot_see_is_a_fault_by_the_histogram()
    {
        // 32 bins of which every second one is empty: the distribution function is nowhere farther than a bin from the diagonal.
        var comb = new double[320];
        for (var i = 0; i < comb.Length; i++)
            comb[i] = ((2 * (i % 16)) + 0.5) / 32;
        var test = UniformityTest.Of("u", comb);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(test.KolmogorovP, Is.GreaterThan(0.1));
            Assert.That(test.ChiSquareP, Is.LessThan(1e-12));

            // Powers of two are exact.
            Assert.That(test.CombinedP, Is.EqualTo(4 * test.ChiSquareP));
            Assert.That(UniformityTest.Of("u", [0.25, 0.75, 0.5]).CombinedP, Is.EqualTo(1));
        }
    }

    [Test]
    public void One_event_in_the_middle_has_the_statistics_of_a_hand_calculation()
    {
        var test = UniformityTest.Of("u", [0.5]);
        Assert.That(test.KolmogorovDistance, Is.EqualTo(0.5));
        Assert.That(test.CramerVonMises, Is.EqualTo(1 / 12.0).Within(1e-16));
        Assert.That(test.AndersonDarling, Is.EqualTo((2 * Math.Log(2)) - 1).Within(1e-15));
        Assert.That(test.ChiSquare, Is.EqualTo(1));
        Assert.That(test.PValue, Is.InRange(0.5, 1));
        Assert.That(test.ToString(), Does.Contain("1 events"));
    }

    [Test]
    public void Statistics_are_those_of_their_definitions()
    {
        double[] u = [0.9, 0.05, 0.3, 0.32, 0.31];
        var sorted = (double[])u.Clone();
        Array.Sort(sorted);
        var test = UniformityTest.Of("u", u, bins: 4);
        Assert.That(test.KolmogorovDistance, Is.EqualTo(0.8 - 0.32).Within(1e-15));
        var squares = 1 / 60.0;
        var logarithms = 0.0;
        for (var i = 0; i < 5; i++)
        {
            squares += Math.Pow(sorted[i] - (((2 * i) + 1) / 10.0), 2);
            logarithms += ((2 * i) + 1) * (Math.Log(sorted[i]) + Math.Log(1 - sorted[4 - i]));
        }

        Assert.That(test.CramerVonMises, Is.EqualTo(squares).Within(1e-15));
        Assert.That(test.AndersonDarling, Is.EqualTo(-5 - (logarithms / 5)).Within(1e-13));
        Assert.That(test.Histogram, Is.EqualTo(new[] { 1, 3, 0, 1 }));
        Assert.That(test.ChiSquare, Is.EqualTo(((0.25 * 0.25) + (1.75 * 1.75) + (1.25 * 1.25) + (0.25 * 0.25)) / 1.25).Within(1e-14));
        Assert.That(test.CoverageAt(0.31), Is.EqualTo(0.6));
        Assert.That(test.Nominal[0].Inside, Is.EqualTo(4));
    }

    [Test]
    public void All_four_tests_pass_uniform_numbers_and_reject_their_squares()
    {
        var u = new double[2000];
        new RandomStream(1).FillUniform<double>(u);
        var test = UniformityTest.Of("u", u);

        // Each is a p-value of a fixed seed: below 10⁻⁵ once in 10⁵ seeds.
        Assert.That(new[] { test.KolmogorovP, test.CramerVonMisesP, test.AndersonDarlingP, test.ChiSquareP }, Has.All.GreaterThan(1e-5));
        var curve = test.Curve();
        Assert.That(test.Curve(confidence: 1 - 1e-5).StaysInBand, Is.True);
        Assert.That(curve.SimultaneousHalfWidth, Is.EqualTo(1.3581 / (Math.Sqrt(2000) + 0.12 + (0.11 / Math.Sqrt(2000)))).Within(1e-5));

        // The band of a binomial share of ½ on 2,000 events is ±1.96 √(¼/2000), to a step of the count.
        Assert.That(curve.PointwiseUpper[49], Is.EqualTo(0.5 + (1.96 * Math.Sqrt(0.25 / 2000))).Within(1 / 2000.0));
        Assert.That(curve.PointwiseLower[49], Is.EqualTo(0.5 - (1.96 * Math.Sqrt(0.25 / 2000))).Within(1 / 2000.0));
        for (var i = 0; i < u.Length; i++)
            u[i] *= u[i];
        test = UniformityTest.Of("u", u);
        Assert.That(new[] { test.KolmogorovP, test.CramerVonMisesP, test.AndersonDarlingP, test.ChiSquareP }, Has.All.LessThan(1e-9));
        Assert.That(test.Curve().StaysInBand, Is.False);
    }

    [Test]
    public void Numbers_that_are_no_probabilities_are_refused_by_their_event()
    {
        Assert.That(() => UniformityTest.Of("u", []), Throws.ArgumentException.With.Message.Contains("at least one event"));
        Assert.That(() => UniformityTest.Of("u", [0.5, double.NaN]), Throws.ArgumentException.With.Message.Contains("NaN for event 1"));
        Assert.That(() => UniformityTest.Of("u", [1.5]), Throws.ArgumentException.With.Message.Contains("event 0"));
        Assert.That(() => UniformityTest.Of("u", [0.5], bins: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());

        // The ends are probabilities.
        Assert.That(UniformityTest.Of("u", [0, 1, 0.5]).AndersonDarlingP, Is.InRange(0, 1));
    }

    [Test]
    public void Holms_correction_is_that_of_a_hand_calculation()
    {
        Assert.That(MultipleTests.Holm([0.01, 0.04, 0.03, 0.005]), Is.EqualTo(new[] { 0.03, 0.06, 0.06, 0.02 }).Within(1e-15));
        Assert.That(MultipleTests.Holm([0.9, 0.8]), Is.EqualTo(new[] { 1.0, 1 }));
        Assert.That(MultipleTests.Holm([]), Is.Empty);
        Assert.That(() => MultipleTests.Holm([double.NaN]), Throws.ArgumentException);
    }

    [Test]
    public void Strata_of_a_column_hold_equal_numbers_and_keep_equal_values_together()
    {
        var rows = Enumerable.Range(0, 40).Select(i => (double)i).ToArray();
        var strata = Strata.ByColumn<double>(rows, 2, 1, 4);
        Assert.That(strata.Names, Has.Count.EqualTo(4));
        var values = Enumerable.Range(0, 20).Select(i => (double)i).ToArray();
        Assert.That(Enumerable.Range(0, 4).Select(s => strata.Select(values, s).Length), Is.EqualTo(new[] { 5, 5, 5, 5 }));
        Assert.That(strata.Select(values, 3), Is.EqualTo(new[] { 15.0, 16, 17, 18, 19 }));
        Assert.That(Strata.ByColumn<double>([1, 1, 1], 1, 0, 4).Names, Has.Count.EqualTo(1));
        Assert.That(() => Strata.ByColumn<double>([1, double.NaN], 1, 0, 2), Throws.ArgumentException.With.Message.Contains("event 1"));
        Assert.That(() => new Strata([0, 2], ["a", "b"]), Throws.ArgumentException.With.Message.Contains("got 2 for event 1"));
    }
}
