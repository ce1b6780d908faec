using Calibration;
using FlowCore.Diagnostics;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>Levels that hold what they say.</summary>
[TestFixture]
public sealed class RecalibrationTests
{
    [Test]
    public void The_map_goes_through_the_sorted_numbers_and_rises_between()
    {
        var map = UniformityTest.Of("u", [0.5, 0.1, 0.7, 0.5]).Recalibrate();
        Assert.That(map.Events, Is.EqualTo(4));
        Assert.That(map.Map(0), Is.Zero);
        Assert.That(map.Map(0.05), Is.EqualTo(0.1).Within(1e-15));
        Assert.That(map.Map(0.1), Is.EqualTo(0.2).Within(1e-15));
        Assert.That(map.Map(0.3), Is.EqualTo(0.3).Within(1e-15));

        // Equal numbers make a step.
        Assert.That(map.Map(0.5), Is.EqualTo(0.6).Within(1e-15));
        Assert.That(map.Map(0.85), Is.EqualTo(0.9).Within(1e-15));
        Assert.That(map.Map(1), Is.EqualTo(1));
        Assert.That(new[] { map.Level(0), map.Level(0.2), map.Level(0.21), map.Level(0.8), map.Level(0.81) }, Is.EqualTo(new[] { 0, 0.1, 0.5, 0.7, 1 }));
        Assert.That(() => map.Map(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => map.Level(1.1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(0.8)]
    [TestCase(1.25)]
    public void Regions_of_a_wrong_model_hold_what_they_say_on_new_events(double scale)
    {
        const int events = 40_000;
        var problem = new GaussianProblem(2);
        using var model = problem.Model(scale);
        var (y, context) = problem.Draw(2000, new RandomStream(1));
        var map = ModelDiagnostics.BaseCoverage<double>(model, y, context).Recalibrate();
        var (other, given) = problem.Draw(events, new RandomStream(2));
        var test = ModelDiagnostics.BaseCoverage<double>(model, other, given);
        foreach (var level in new[] { 0.1, 0.6827, 0.95 })
        {
            // 4.5 errors of the new events and of the 2,000 that the map is of.
            var error = 4.5 * Math.Sqrt(level * (1 - level) * ((1.0 / events) + (1.0 / 2000)));
            Assert.That(test.CoverageAt(map.Level(level)), Is.EqualTo(level).Within(error));
            Assert.That(Math.Abs(test.CoverageAt(level) - level), Is.GreaterThan(level > 0.9 ? 0.01 : error / 2));
            Assert.That(map.Map(map.Level(level)), Is.EqualTo(level).Within(1.0 / 2000));
        }
    }

    [Test]
    public void The_promise_of_a_level_holds_exactly_over_many_small_sets()
    {
        // Of n = 9 numbers the level of 0.7 is the seventh: a new one is below with a probability of exactly 7/10.
        const int sets = 20_000;
        var numbers = new double[10 * sets];
        new RandomStream(3).FillUniform<double>(numbers);
        var inside = 0;
        for (var i = 0; i < sets; i++)
        {
            var own = numbers.AsSpan(10 * i, 10);
            inside += own[9] <= UniformityTest.Of("u", own[..9]).Recalibrate().Level(0.7) ? 1 : 0;
        }

        Assert.That((double)inside / sets, Is.EqualTo(0.7).Within(4.5 * Math.Sqrt(0.21 / sets)));
    }
}
