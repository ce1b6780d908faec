using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class TickLocatorTests
{
    [Test]
    public void Ticks_are_multiples_of_one_two_or_five()
    {
        Assert.That(Labels(TickLocator.Linear(0, 10, 6)), Is.EqualTo((string[])["0", "2", "4", "6", "8", "10"]));
        Assert.That(Labels(TickLocator.Linear(-1.3, 1.2, 6)), Is.EqualTo((string[])["−1.0", "−0.5", "0", "0.5", "1.0"]));
        Assert.That(Labels(TickLocator.Linear(0.1, 0.35, 3)), Is.EqualTo((string[])["0.1", "0.2", "0.3"]));
    }

    [Test]
    public void Labels_of_one_axis_have_the_same_number_of_decimals()
    {
        Assert.That(Labels(TickLocator.Linear(0.5, 1.5, 6)), Is.EqualTo((string[])["0.6", "0.8", "1.0", "1.2", "1.4"]));
        Assert.That(Labels(TickLocator.Linear(0.0011, 0.0034, 5)), Is.EqualTo((string[])["0.0015", "0.0020", "0.0025", "0.0030"]));
    }

    [Test]
    public void Large_and_small_numbers_are_written_as_powers_of_ten()
    {
        Assert.That(Labels(TickLocator.Linear(0, 4e6, 5)), Is.EqualTo((string[])["0", "10^{6}", "2·10^{6}", "3·10^{6}", "4·10^{6}"]));
        Assert.That(Labels(TickLocator.Linear(0, 3e-7, 4)), Is.EqualTo((string[])["0", "10^{−7}", "2·10^{−7}", "3·10^{−7}"]));
    }

    [Test]
    public void Minor_ticks_divide_the_major_steps_and_meet_none()
    {
        var ticks = TickLocator.Linear(0, 10, 6);
        Assert.That(ticks.Minor, Is.EqualTo((double[])[0.5, 1, 1.5, 2.5, 3, 3.5, 4.5, 5, 5.5, 6.5, 7, 7.5, 8.5, 9, 9.5]).Within(1e-12));
        Assert.That(ticks.Minor.Intersect(ticks.Major.Select(m => m.Value)), Is.Empty);
    }

    [Test]
    public void Decades_are_labelled_and_divided_in_nine()
    {
        var ticks = TickLocator.Logarithmic(0.05, 2000, 8);
        Assert.That(Labels(ticks), Is.EqualTo((string[])["10^{−1}", "1", "10", "10^{2}", "10^{3}"]));
        Assert.That(ticks.Minor[0], Is.EqualTo(0.05).Within(1e-12));
        Assert.That(ticks.Minor, Does.Contain(20.0).And.Contain(900.0).And.Contain(2000.0));
        Assert.That(ticks.Minor, Has.None.GreaterThan(2000.0));
        Assert.That(ticks.Minor.Count(m => m > 1 && m < 10), Is.EqualTo(8));
    }

    [Test]
    public void Within_a_decade_two_and_five_are_labelled()
    {
        Assert.That(Labels(TickLocator.Logarithmic(1.5, 30, 6)), Is.EqualTo((string[])["2", "5", "10", "20"]));
        Assert.That(Labels(TickLocator.Logarithmic(3, 4, 6)).Count, Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public void Many_decades_are_labelled_in_strides()
    {
        var ticks = TickLocator.Logarithmic(1e-30, 1e30, 7);
        Assert.That(ticks.Major, Has.Count.InRange(4, 8));
        Assert.That(ticks.Major.Select(m => m.Label), Does.Contain("1"));
    }

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public Property Linear_ticks_lie_inside_and_are_few()
    {
        var cases = from centre in Gen.Choose(-1_000_000, 1_000_000)
                    from exponent in Gen.Choose(-8, 8)
                    from width in Gen.Choose(1, 1_000_000)
                    from count in Gen.Choose(2, 12)
                    select (Min: centre * Math.Pow(10, exponent), Width: width * Math.Pow(10, exponent), count);
        return Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var max = c.Min + c.Width;
            var ticks = TickLocator.Linear(c.Min, max, c.count);
            var slack = 1e-8 * c.Width;
            return ticks.Major.Count <= c.count
                && ticks.Major.All(t => t.Value >= c.Min - slack && t.Value <= max + slack)
                && ticks.Minor.All(t => t >= c.Min - slack && t <= max + slack)
                && ticks.Major.Select(t => t.Label).Distinct().Count() == ticks.Major.Count;
        });
    }

    [Test]
    public void Invalid_ranges_are_refused()
    {
        Assert.That(() => TickLocator.Linear(1, 1, 5), Throws.ArgumentException);
        Assert.That(() => TickLocator.Linear(0, double.PositiveInfinity, 5), Throws.ArgumentException);
        Assert.That(() => TickLocator.Linear(0, 1, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => TickLocator.Logarithmic(0, 1, 5), Throws.ArgumentException);
    }

    private static List<string> Labels(AxisTicks ticks) => [.. ticks.Major.Select(t => t.Label)];
}
