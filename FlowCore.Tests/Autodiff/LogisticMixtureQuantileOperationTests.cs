using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Quantiles of mixtures of logistic distributions: they undo the distribution function, also far out, between far centres and in single precision.</summary>
[TestFixture]
internal sealed class LogisticMixtureQuantileOperationTests
{
    private static readonly double[] _parameters = TwoMixtures.Parameters;
    private static readonly double[] _logOdds = [-900, -30, -3.1, -1e-9, 0, 0.5, 4, 50, 1000, -0.2];

    [Test]
    public void The_distribution_function_of_a_quantile_is_what_was_given()
    {
        var (x, slope) = Apply<double>(_logOdds, 2, _parameters);
        for (var i = 0; i < _logOdds.Length; i++)
        {
            var (cdf, survival, density) = TwoMixtures.Definition(x[i], i % 2);

            if (Math.Abs(_logOdds[i]) > 700)
                continue; // exponentials of the definition underflow
            Assert.That(Math.Log(cdf / survival), Is.EqualTo(_logOdds[i]).Within(1e-14 * (1 + Math.Abs(_logOdds[i]))));
            Assert.That(slope[i], Is.EqualTo(Math.Log(density) - Math.Log(cdf) - Math.Log(survival)).Within(2e-13)); // logarithms up to 50 are subtracted
        }
    }

    [Test]
    public void Far_out_the_flattest_component_decides_in_both_precisions()
    {
        // Beyond all but the flattest component the log odds are ln w + r (x − m): 0.75, 0.7, 0.5 of the first feature.
        double[] logOdds = [1000, 0, -1000, 0];
        var (x, slope) = Apply<double>(logOdds, 2, _parameters);
        var (single, singleSlope) = Apply<float>(Array.ConvertAll(logOdds, value => (float)value), 2, Array.ConvertAll(_parameters, value => (float)value));
        Assert.That(x[0], Is.EqualTo(0.5 + ((1000 + Math.Log(0.75)) / 0.7)).Within(1e-12));
        Assert.That(x[2], Is.EqualTo(0.5 - ((1000 + Math.Log(0.75)) / 0.7)).Within(1e-12));
        for (var i = 0; i < 4; i++)
        {
            Assert.That((double)single[i], Is.EqualTo(x[i]).Within(4e-7 * (1 + Math.Abs(x[i]))));
            Assert.That((double)singleSlope[i], Is.EqualTo(slope[i]).Within(2e-6));
        }
    }

    [Test]
    public void One_component_has_the_quantile_of_the_logistic_distribution()
    {
        var (x, slope) = Apply<double>(_logOdds, 1, [0.3, -2, 1.7, 40, 1, 1]);
        for (var i = 0; i < _logOdds.Length; i++)
        {
            Assert.That(x[i], Is.EqualTo(i % 2 == 0 ? 0.3 + (_logOdds[i] / 1.7) : -2 + (_logOdds[i] / 40)).Within(4e-16 * (2 + Math.Abs(_logOdds[i]))));
            Assert.That(slope[i], Is.EqualTo(Math.Log(i % 2 == 0 ? 1.7 : 40)).Within(1e-14));
        }
    }

    [Test]
    public void Between_far_centres_the_quantile_is_found_where_the_distribution_function_is_flat()
    {
        // F is ½ to all digits between the centres; beside ½ the quantile is at one of them: log odds of ½ ± ½ σ(u).
        double[] parameters = [-4, 4, -4, 4, 50, 50, 50, 50, 0.5, 0.5, 0.5, 0.5];
        var (x, slope) = Apply<double>([0, 0.5, -0.5, 3], 2, parameters);
        Assert.That(x[0], Is.InRange(-4.0, 4.0));
        Assert.That(x.Concat(slope), Is.All.Matches<double>(double.IsFinite));
        foreach (var (i, odds) in new[] { (1, 0.5), (2, -0.5), (3, 3.0) })
        {
            var excess = Math.Abs((2 / (1 + Math.Exp(-odds))) - 1);
            var u = Math.Log(excess / (1 - excess));
            Assert.That(x[i], Is.EqualTo(Math.Sign(odds) * (4 + (u / 50))).Within(1e-14));
        }
    }

    [Test]
    public void A_row_has_its_own_bits_and_what_is_no_number_stays_in_its_row()
    {
        var (all, _) = Apply<double>([.. _logOdds, double.NaN, 0.1, 0.5, 0.7], 2, _parameters);
        for (var row = 0; row < _logOdds.Length / 2; row++)
            Assert.That(Apply<double>(_logOdds[(2 * row)..((2 * row) + 2)], 2, _parameters).X, Is.EqualTo(all[(2 * row)..((2 * row) + 2)]));
        Assert.That(all[_logOdds.Length], Is.NaN);
        Assert.That(all.AsSpan(_logOdds.Length + 1).ToArray(), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Adjoints_and_tangents_are_those_of_differences([Values] bool isShared)
    {
        double[] z = [-3, 0.2, 0.4, 1.1, 2.5, 70, 1.2, -90];
        double[] v = [1, -2, 0.5, 3, 2, 1, -1, 1];
        var check = new GradientCheck(4).Block(z, 2);
        if (isShared)
            check.SharedRow(_parameters);
        else
            check.Block([.. _parameters, .. _parameters, .. _parameters, .. _parameters], _parameters.Length);
        Assert.That(check.Run((_, leaves) => Both(leaves[0], leaves[1])).Relative, Is.LessThan(1e-7));

        // Also of the slope alone, which moves with a quantile that nobody asks for; and with the parameters.
        var tangents = new GradientCheck(4).Block(z, 2).Block(v, 2).SharedRow(_parameters)
            .Run((tape, leaves) => tape.PushForward(Slope(leaves[0], leaves[2]), leaves[0], leaves[1]));
        Assert.That(tangents.Relative, Is.LessThan(1e-7));
        var byParameters = new GradientCheck(4).Block(z, 2).SharedRow(_parameters).SharedRow([1, -1, 0.5, 2, 0.3, 0.2, -0.5, 0.1, 0.2, -0.2, 0.1, -0.1])
            .Run((tape, leaves) => tape.PushForward(Both(leaves[0], leaves[1]), leaves[1], leaves[2]));
        Assert.That(byParameters.Relative, Is.LessThan(1e-7));
    }

    [Test]
    public void The_tangent_is_the_difference_quotient()
    {
        double[] v = [1, -2, 0.5, 3, 2, 1, -1, 1, 0.3, -0.4];
        double[] z = [-3, 0.2, 0.4, 1.1, 2.5, 7, 1.2, -9, 0, 0.1];
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(5, record: true);
        var input = tape.Input(z, 2, requiresAdjoint: true);
        var tangent = tape.PushForward(Slope(input, tape.Constant(_parameters)), input, tape.Input(v, 2));
        var numbers = new double[10];
        tape.ReadValue(tangent, numbers);
        const double Step = 1e-5;
        var (_, above) = Apply<double>([.. z.Zip(v, (a, b) => a + (Step * b))], 2, _parameters);
        var (_, below) = Apply<double>([.. z.Zip(v, (a, b) => a - (Step * b))], 2, _parameters);
        for (var i = 0; i < 10; i++)
            Assert.That(numbers[i], Is.EqualTo((above[i] - below[i]) / (2 * Step)).Within(1e-8)); // rounding over the step
    }

    private static Variable<T> Both<T>(Variable<T> logOdds, Variable<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = LogisticMixtureQuantileOperation<T>.Of(2).Apply(logOdds, Normalized(parameters), out var slope);
        return VariableFunctions.Concatenate(x, slope);
    }

    private static Variable<T> Slope<T>(Variable<T> logOdds, Variable<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LogisticMixtureQuantileOperation<T>.Of(2).Apply(logOdds, Normalized(parameters), out var slope);
        return slope;
    }

    // Differences must not leave the weights' sum of 1.
    private static Variable<T> Normalized<T>(Variable<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var weights = parameters.Slice(8, 4);
        return VariableFunctions.Concatenate(parameters.Slice(0, 8), weights / weights.SumSegments(2).RepeatColumns(2));
    }

    private static (T[] X, T[] Slope) Apply<T>(T[] logOdds, int components, T[] parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        tape.Begin(logOdds.Length / 2, record: false);
        var x = LogisticMixtureQuantileOperation<T>.Of(components).Apply(tape.Input(logOdds, 2), tape.Constant(parameters), out var slope);
        var (values, slopes) = (new T[logOdds.Length], new T[logOdds.Length]);
        tape.ReadValue(x, values);
        tape.ReadValue(slope, slopes);
        return (values, slopes);
    }
}
