using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>
/// What single precision makes of a spline, against the double evaluation at the same parameters: backward errors, as the rounding of
/// a value alone may move its pre-image by far more than a rounding where the map is flat.
/// </summary>
public sealed class SplinePrecisionTests
{
    private const int Rows = 100_000;
    private const int Bins = 8;

    [Test]
    public void Single_precision_errs_by_a_few_units_of_the_bound_in_both_directions(
        [Values] SplineParametrization parametrization, [Values(1, 3, 5, 10)] double sigma, [Values(3, 5)] double bound)
    {
        var settings = new SplineSettings(Bins, bound) { Parametrization = parametrization };
        var ulp = (double)(MathF.BitIncrement((float)bound) - (float)bound);
        var numbers = TransformKernels.Normal(1, sigma);
        var uniform = TransformKernels.Uniform(2, bound);
        using var parameters = TransformBlock<float>.Values(Rows, settings.ParametersPerFeature, numbers);
        using var precise = TransformBlock<double>.Values(Rows, settings.ParametersPerFeature, (row, column) => parameters[row, column]);
        using var x = TransformBlock<float>.Values(Rows, 1, uniform);
        using var single = TransformKernels.OfWidth<float>(512);
        using var exact = TransformKernels.OfWidth<double>(512);
        using var y = Apply(single, inverse: false, settings, x, parameters);
        using var back = Apply(single, inverse: true, settings, y, parameters);
        using var z = TransformBlock<float>.Values(Rows, 1, uniform);
        using var solution = Apply(single, inverse: true, settings, z, parameters);

        // The error of a value is compared with what a unit of the argument and one of the value make; for the inverse it is
        // taken at the solution, where the double evaluation should give the argument back.
        var (forward, forwardSlope) = Exact(inverse: false, x);
        var (inverse, inverseSlope) = Exact(inverse: false, solution);
        var (least, _) = ExactOf(inverse: true, row => y[row, 0] - (2 * ulp));
        var (most, _) = ExactOf(inverse: true, row => y[row, 0] + (2 * ulp));
        var (worstForward, worstInverse, worstReturn) = (0.0, 0.0, 0.0);
        for (var row = 0; row < Rows; row++)
        {
            worstForward = Worse(worstForward, Math.Abs(forward[row] - y[row, 0]) / (ulp * (1 + forwardSlope[row])));
            worstInverse = Worse(worstInverse, Math.Abs(inverse[row] - z[row, 0]) / (ulp * (1 + inverseSlope[row])));
            worstReturn = Worse(worstReturn, Math.Abs(back[row, 0] - x[row, 0]) / (1e-4 + (most[row] - least[row])));
        }

        TestContext.Out.WriteLine($"{parametrization}, {sigma}, {bound}: {worstForward:F2} and {worstInverse:F2} units; there and back {worstReturn:F2} of what is allowed.");
        Assert.Multiple(() =>
        {
            Assert.That(worstForward, Is.LessThan(8));
            Assert.That(worstInverse, Is.LessThan(8));

            // Two units of the value in either direction, where the knots, which carry the exponentials' errors, are good enough. Where the
            // pre-image of those units is below 1e-4, the error is therefore below 2e-4.
            if (sigma <= (parametrization == SplineParametrization.Limited ? 5 : 3))
                Assert.That(worstReturn, Is.LessThan(1));
        });

        (double[] Value, double[] Slope) Exact(bool inverse, TransformBlock<float> argument) => ExactOf(inverse, row => argument[row, 0]);

        (double[] Value, double[] Slope) ExactOf(bool inverse, Func<int, double> argument)
        {
            using var block = TransformBlock<double>.Values(Rows, 1, (row, _) => argument(row));
            using var value = TransformBlock<double>.Zeros(Rows, 1);
            using var log = TransformBlock<double>.Zeros(Rows, 1);
            exact.Spline(inverse, settings, block.Matrix, precise.Matrix, [0], value.Matrix, log.Matrix);
            return (value.ToArray(), Array.ConvertAll(log.ToArray(), Math.Exp));
        }
    }

    [Test]
    public void Log_derivatives_in_single_precision_follow_double(
        [Values] SplineParametrization parametrization, [Values(1, 3, 5)] double sigma, [Values(3, 5)] double bound)
    {
        var settings = new SplineSettings(Bins, bound) { Parametrization = parametrization };
        var uniform = TransformKernels.Uniform(2, bound);
        using var parameters = TransformBlock<float>.Values(Rows, settings.ParametersPerFeature, TransformKernels.Normal(1, sigma));
        using var precise = TransformBlock<double>.Values(Rows, settings.ParametersPerFeature, (row, column) => parameters[row, column]);
        using var x = TransformBlock<float>.Values(Rows, 1, uniform);
        using var same = TransformBlock<double>.Values(Rows, 1, (row, _) => x[row, 0]);
        using var single = TransformKernels.OfWidth<float>(512);
        using var exact = TransformKernels.OfWidth<double>(512);
        using var z = TransformBlock<float>.Zeros(Rows, 1);
        using var log = TransformBlock<float>.Zeros(Rows, 1);
        using var exactZ = TransformBlock<double>.Zeros(Rows, 1);
        using var exactLog = TransformBlock<double>.Zeros(Rows, 1);
        single.Spline(false, settings, x.Matrix, parameters.Matrix, [0], z.Matrix, log.Matrix);
        exact.Spline(false, settings, same.Matrix, precise.Matrix, [0], exactZ.Matrix, exactLog.Matrix);
        var errors = new double[Rows];
        for (var row = 0; row < Rows; row++)
            errors[row] = Math.Abs(log[row, 0] - exactLog[row, 0]);
        Array.Sort(errors);
        TestContext.Out.WriteLine($"{parametrization}, {sigma}, {bound}: {errors[Rows * 999 / 1000]:G2} for 99.9 %, {errors[^1]:G2} at worst.");
        Assert.That(errors, Is.All.Matches<double>(double.IsFinite));
        Assert.That(errors[Rows * 999 / 1000], Is.LessThanOrEqualTo(1e-3));
        Assert.That(errors[^1], Is.LessThanOrEqualTo(0.1));
    }

    // NaN stays, and then fails every comparison.
    private static double Worse(double worst, double error) => error <= worst ? worst : error;

    private static TransformBlock<T> Apply<T>(Kernels<T> kernels, bool inverse, SplineSettings settings, TransformBlock<T> x, TransformBlock<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var y = TransformBlock<T>.Zeros(Rows, 1);
        using var logDet = TransformBlock<T>.Zeros(Rows, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);
        return y;
    }
}
