using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The fused Gaussianization: against its definition, composed of operations, and how far its solver has to go.</summary>
[TestFixture]
internal sealed class GaussianizationTests
{
    private const int Rows = 45;
    private const int Features = 3;
    private const int Components = 4;
    private const int Count = 2 * Components;
    private static readonly int[] _order = [2, 0, 1];

    [Test]
    public void Every_register_width_gives_the_bits_of_the_scalar_reference([Values(128, 256, 512)] int bits, [Values] bool inverse, [Values(0.0, 1e-6)] double squeeze)
    {
        EqualBits<float>(bits, inverse, squeeze);
        EqualBits<double>(bits, inverse, squeeze);
    }

    [Test]
    public void Values_are_those_of_the_map_composed_of_operations([Values(0.0, 1e-6, 0.1)] double squeeze)
    {
        var x = Enumerable.Range(0, Rows).Select(i => 0.004 * Math.Pow(i - 22, 3)).ToArray();
        var numbers = TransformKernels.Normal(1, 1);
        var parameters = Enumerable.Range(0, Rows * Count).Select(i => numbers(0, i)).ToArray();
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: false);
        var (argument, raw) = (tape.Input(x, 1), tape.Input(parameters, Count));
        var z = new GaussianizationOperation<double>(Components, squeeze, [0]).Apply(argument, raw, out var logDet);
        var expected = GaussianizationOperation<double>.Compose(argument, raw.Slice(0, Components), raw.Slice(Components, Components), Components, squeeze, out var logSlope);
        var (value, log, expectedValue, expectedLog) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        tape.ReadValue(z, value);
        tape.ReadValue(logDet, log);
        tape.ReadValue(expected, expectedValue);
        tape.ReadValue(logSlope, expectedLog);
        for (var i = 0; i < Rows; i++)
        {
            // A few roundings of numbers of the size of z; in the logarithm of the slope, of z² and of t², which is z² but for a squeeze.
            Assert.That(value[i], Is.EqualTo(expectedValue[i]).Within(2e-15 * (1 + Math.Abs(expectedValue[i]))), $"row {i}");
            Assert.That(log[i], Is.EqualTo(expectedLog[i]).Within(4e-15 * (1 + (expectedValue[i] * expectedValue[i]) + Math.Abs(expectedLog[i]))), $"row {i}");
        }
    }

    [TestCase(1.0, 6, 3.6)]
    [TestCase(0.5, 5, 3.1)]
    public void The_root_is_found_in_few_evaluations(double reach, int most, double mean)
    {
        const int Points = 500;
        var numbers = TransformKernels.Normal(2, 1);
        var (sum, largest) = (0, 0);
        for (var i = 0; i < Points; i++)
        {
            var row = i;
            double[] shifts = [.. Enumerable.Range(0, 8).Select(k => reach * numbers(row, k))];
            double[] logScales = [.. Enumerable.Range(0, 8).Select(k => reach * numbers(row, k))];
            var evaluations = Solve(shifts, logScales, numbers(row, 0), 1e-14);
            largest = Math.Max(largest, evaluations);
            sum += evaluations;
        }

        TestContext.Out.WriteLine($"{(double)sum / Points:f2} on average, {largest} at most");
        Assert.That(largest, Is.LessThanOrEqualTo(most));
        Assert.That((double)sum / Points, Is.LessThanOrEqualTo(mean));
    }

    [Test]
    public void Far_narrow_peaks_and_far_tails_are_solved_for_all_the_same([Values(-30, -3, -0.7, -1e-9, 0, 0.1, 0.6745, 2, 40)] double z)
    {
        // Three narrow peaks and a wide one: between them the map is flat to 10⁻³⁰⁰ and less, so a root there is known to the width of the gap only.
        double[] centres = [-900, 2, 5, 1000];
        double[] widths = [1e-3, 1, 1e-2, 4];
        double[] shifts = [.. centres.Zip(widths, (centre, width) => -centre / width)];
        double[] logScales = [.. widths.Select(width => -Math.Log(width))];
        var evaluations = Solve(shifts, logScales, z, 1e-11);
        Assert.That(evaluations, Is.LessThanOrEqualTo(70));
    }

    [Test]
    public void In_single_precision_the_map_is_that_of_double_to_its_roundings()
    {
        double[] shifts = [0.5, -1, 2, -0.25];
        double[] logScales = [0.25, -0.5, 0, 0.75];
        var single = new CountingMixture<float>(Array.ConvertAll(shifts, value => (float)value), Array.ConvertAll(logScales, value => (float)value), new int[1]);
        var precise = new CountingMixture<double>(shifts, logScales, new int[1]);
        for (var x = -25.0; x <= 25; x += 0.125)
        {
            var expected = GaussianizationFormula<ScalarLane<double>, double, CountingMixture<double>>.Value(
                new GaussianizationConstants<double>(Components, 0, false), precise, ScalarLane<double>.Create(x), out var expectedLog).Value;
            var value = GaussianizationFormula<ScalarLane<float>, float, CountingMixture<float>>.Value(
                new GaussianizationConstants<float>(Components, 0, false), single, ScalarLane<float>.Create((float)x), out var log).Value;

            // t is rounded once, relative to its terms, and z is as exact; ln(∂z/∂x) has the rounding of (z² − t²)/2.
            Assert.That(value, Is.EqualTo(expected).Within(4e-7 * (1 + Math.Abs(expected))), $"{x}");
            Assert.That(log.Value, Is.EqualTo(expectedLog.Value).Within(4e-7 * (1 + (expected * expected))), $"{x}");
        }
    }

    [Test]
    public void A_row_without_a_number_comes_out_without_one_and_leaves_its_neighbours_alone([Values] bool inverse, [Values(0.0, 1e-6)] double squeeze)
    {
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = Parameters<double>();
        using var x = TransformBlock<double>.Values(Rows, Features, TransformKernels.Normal(3, 1));
        using var broken = TransformBlock<double>.Values(Rows, Features, (row, column) => (row, column) == (3, 1) ? double.NaN : x[row, column]);
        var (y, logDet) = Apply(kernels, inverse, squeeze, x, parameters);
        var (other, otherLogDet) = Apply(kernels, inverse, squeeze, broken, parameters);
        Assert.That(double.IsFinite(otherLogDet[3]), Is.False);
        for (var i = 0; i < y.Length; i++)
        {
            if (i != (3 * Features) + 1)
                Assert.That(other[i], Is.EqualTo(y[i]));
        }

        for (var row = 0; row < Rows; row++)
        {
            if (row != 3)
                Assert.That(otherLogDet[row], Is.EqualTo(logDet[row]));
        }
    }

    // Solves in double, checks the root, and says after how many evaluations.
    private static int Solve(double[] shifts, double[] logScales, double z, double tolerance)
    {
        var count = new int[1];
        var mixture = new CountingMixture<double>(shifts, logScales, count);
        var constants = new GaussianizationConstants<double>(shifts.Length, 0, true);
        var x = GaussianizationFormula<ScalarLane<double>, double, CountingMixture<double>>.Inverse(constants, mixture, ScalarLane<double>.Create(z), out var logSlope);
        var evaluations = count[0];
        var back = GaussianizationFormula<ScalarLane<double>, double, CountingMixture<double>>.Value(constants, mixture, x, out var forwardLog).Value;

        // A unit of x moves z by the slope.
        var unit = Math.BitIncrement(Math.Abs(x.Value)) - Math.Abs(x.Value);
        Assert.That(back, Is.EqualTo(z).Within((tolerance * (1 + Math.Abs(z))) + (2 * unit * Math.Exp(forwardLog.Value))), $"z {z}, x {x.Value}");
        Assert.That(logSlope.Value + forwardLog.Value, Is.EqualTo(0).Within(1e-9 * (1 + Math.Abs(forwardLog.Value))));
        return evaluations;
    }

    private static TransformBlock<T> Parameters<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TransformBlock<T>.Values(Rows, Count * Features, TransformKernels.Normal(9, 1));

    private static (double[] Y, double[] LogDet) Apply<T>(Kernels<T> kernels, bool inverse, double squeeze, TransformBlock<T> x, TransformBlock<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var y = TransformBlock<T>.Zeros(Rows, Features);
        using var logDet = TransformBlock<T>.Zeros(Rows, 1);
        kernels.Gaussianization(inverse, Components, squeeze, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
        return (y.ToArray(), logDet.ToArray());
    }

    private static void EqualBits<T>(int bits, bool inverse, double squeeze)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var x = TransformBlock<T>.Values(Rows, Features, TransformKernels.Normal(10, 2));
        using var parameters = Parameters<T>();
        using var dy = TransformBlock<T>.Adjoints(Rows, Features, TransformKernels.Normal(11, 1));
        using var dlogDet = TransformBlock<T>.Adjoints(Rows, 1, TransformKernels.Normal(12, 1));
        var results = new double[2][][];
        for (var i = 0; i < 2; i++)
        {
            using var kernels = TransformKernels.OfWidth<T>(i == 0 ? 0 : bits);
            using var dx = TransformBlock<T>.Zeros(Rows, Features);
            using var dparameters = TransformBlock<T>.Zeros(Rows, Count * Features);
            using var y = TransformBlock<T>.Zeros(Rows, Features);
            using var logDet = TransformBlock<T>.Zeros(Rows, 1);
            kernels.Gaussianization(inverse, Components, squeeze, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
            kernels.GaussianizationAdjoint(
                inverse, Components, squeeze, x.Matrix, parameters.Matrix, _order, y.Matrix, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, overwriteParameters: true);
            results[i] = [y.ToArray(), logDet.ToArray(), dx.ToArray(), dparameters.ToArray()];
        }

        Assert.That(results[1], Is.EqualTo(results[0]));
    }
}
