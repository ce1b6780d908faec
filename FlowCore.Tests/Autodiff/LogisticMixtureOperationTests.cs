using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>The fused mixture of logistic distributions against its definition, and far out.</summary>
[TestFixture]
internal sealed class LogisticMixtureOperationTests
{
    private static readonly double[] _parameters = TwoMixtures.Parameters;

    [Test]
    public void Tails_and_slope_are_those_of_the_definition()
    {
        double[] x = [-3, 0.2, 0.4, 1.1, 2.5, 7];
        var (lower, upper, slope) = Apply<double>(x, _parameters);
        for (var i = 0; i < x.Length; i++)
        {
            var (cdf, survival, density) = TwoMixtures.Definition(x[i], i % 2);

            // Logarithms of sums of a few roundings.
            Assert.That(lower[i], Is.EqualTo(Math.Log(cdf)).Within(1e-14));
            Assert.That(upper[i], Is.EqualTo(Math.Log(survival)).Within(1e-14));
            Assert.That(slope[i], Is.EqualTo(Math.Log(density) - Math.Log(cdf) - Math.Log(survival)).Within(1e-14));
        }
    }

    [TestCase(1000)]
    [TestCase(-1000)]
    public void Far_out_the_widest_component_is_left_and_single_precision_loses_nothing_of_the_slope(double x)
    {
        // There the log odds have the slope of the flattest component: 0.7 and 1.
        var (_, _, slope) = Apply<double>([x, x], _parameters);
        var (_, _, single) = Apply<float>([(float)x, (float)x], Array.ConvertAll(_parameters, value => (float)value));
        for (var i = 0; i < 2; i++)
        {
            Assert.That(slope[i], Is.EqualTo(Math.Log(i == 0 ? 0.7 : 1)).Within(1e-14));
            Assert.That((double)single[i], Is.EqualTo(slope[i]).Within(1e-6));
        }
    }

    [Test]
    public void Between_narrow_components_the_density_does_not_underflow()
    {
        // Two components of equal weight at ±4 with rate 50: at 0 both are 200 scales away, F = S = ½ and ln f = ln 50 − 200.
        double[] parameters = [-4, 4, -4, 4, 50, 50, 50, 50, 0.5, 0.5, 0.5, 0.5];
        var expected = Math.Log(50) - 200 - (2 * Math.Log(0.5));
        var (_, _, slope) = Apply<double>([0, 0], parameters);
        var (_, _, single) = Apply<float>([0, 0], Array.ConvertAll(parameters, value => (float)value));
        Assert.That(slope[0], Is.EqualTo(expected).Within(1e-12));
        Assert.That((double)single[0], Is.EqualTo(expected).Within(1e-4));
        var check = new GradientCheck(2).Block([0.5, -0.4, 0.3, 1], 2).SharedRow(parameters);
        Assert.That(check.Run((_, leaves) => All(leaves[0], leaves[1])).Relative, Is.LessThan(1e-6));
    }

    [Test]
    public void One_component_is_the_logistic_distribution_and_its_adjoint_holds_far_out()
    {
        double[] x = [-40, -0.3, 0.2, 2, 1000, -1000];
        double[] parameters = [0.3, 1.7, 1];
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(x.Length, record: true);
        var argument = tape.Input(x, 1, requiresAdjoint: true);
        var lower = LogisticMixtureOperation<double>.Of(1).Apply(argument, tape.Constant(parameters), out _, out var slope);
        var (values, slopes, adjoint) = (new double[x.Length], new double[x.Length], new double[x.Length]);
        tape.ReadValue(lower, values);
        tape.ReadValue(slope, slopes);
        tape.Backward(lower, [1, 1, 1, 1, 1, 1]);
        tape.ReadAdjoint(argument, adjoint);
        for (var i = 0; i < x.Length; i++)
        {
            var u = (x[i] - 0.3) * 1.7;
            Assert.That(values[i], Is.EqualTo(u < 0 ? u - double.LogP1(Math.Exp(u)) : -double.LogP1(Math.Exp(-u))).Within(1e-15 * (1 + Math.Abs(u))));
            Assert.That(slopes[i], Is.EqualTo(Math.Log(1.7)).Within(4e-15));
            Assert.That(adjoint[i], Is.EqualTo(1.7 / (1 + Math.Exp(u))).Within(1e-15));
        }
    }

    [Test]
    public void Adjoints_and_tangents_are_those_of_differences([Values] bool isShared)
    {
        double[] x = [-3, 0.2, 0.4, 1.1, 2.5, 700, 12, -900];
        var check = new GradientCheck(4).Block(x, 2);
        if (isShared)
            check.SharedRow(_parameters);
        else
            check.Block([.. _parameters, .. _parameters, .. _parameters, .. _parameters], _parameters.Length);
        Assert.That(check.Run((_, leaves) => All(leaves[0], leaves[1])).Relative, Is.LessThan(1e-7));
        var tangents = new GradientCheck(4).Block(x, 2).Block([1, -2, 0.5, 3, 2, 1, -1, 1], 2)
            .Run((tape, leaves) => tape.PushForward(All(leaves[0], tape.Constant(_parameters)), leaves[0], leaves[1]));
        Assert.That(tangents.Relative, Is.LessThan(1e-7));
    }

    private static Variable<T> All<T>(Variable<T> x, Variable<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lower = LogisticMixtureOperation<T>.Of(2).Apply(x, parameters, out var upper, out var slope);
        return VariableFunctions.Concatenate(lower, upper, slope);
    }

    private static (T[] Lower, T[] Upper, T[] Slope) Apply<T>(T[] x, T[] parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        tape.Begin(x.Length / 2, record: false);
        var lower = LogisticMixtureOperation<T>.Of(2).Apply(tape.Input(x, 2), tape.Constant(parameters), out var upper, out var slope);
        return (Read(lower), Read(upper), Read(slope));

        T[] Read(Variable<T> variable)
        {
            var values = new T[x.Length];
            tape.ReadValue(variable, values);
            return values;
        }
    }
}
