using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Compute;
using FsCheck.Fluent;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

public sealed class SplineTests
{
    private const int Features = 2;
    private static readonly int[] _order = [1, 0];

    [Test]
    public void Every_register_width_gives_the_bits_of_the_scalar_reference(
        [Values(128, 256, 512)] int bits, [Values(2, 3, 20)] int bins, [Values] bool inverse)
    {
        EqualBits<float>(bits, bins, inverse);
        EqualBits<double>(bits, bins, inverse);
    }

    [Test]
    public void Values_and_log_derivatives_are_those_of_the_definition([Values(2, 5, 20, 64)] int bins, [Values] bool inverse, [Values(1e-3, 1e-2)] double slope)
    {
        var settings = new SplineSettings(bins, 4.5, slope);
        const int rows = 200;
        using var x = TransformBlock<double>.Values(rows, Features, TransformKernels.Uniform(1, 6));
        using var parameters = TransformBlock<double>.Values(rows, Features * settings.ParametersPerFeature, TransformKernels.Normal(2, 2));
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);
        for (var row = 0; row < rows; row++)
        {
            var expectedLogDet = 0.0;
            for (var feature = 0; feature < Features; feature++)
            {
                var spline = new SplineDefinition(settings, Parameters(parameters, settings, row, _order[feature]));
                var (value, logDerivative) = inverse ? spline.Inverse(x[row, feature]) : spline.Forward(x[row, feature]);
                expectedLogDet += logDerivative;

                // Knots carry a few roundings of the bound, 1e-15; the slope, up to 1/S², magnifies them.
                Assert.That(y[(row * Features) + feature], Is.EqualTo(value).Within(1e-11));
            }

            Assert.That(logDet[row], Is.EqualTo(expectedLogDet).Within(1e-10));
        }
    }

    [Test]
    public void The_inverse_undoes_the_forward_direction_and_negates_its_log_derivative([Values(2, 8, 20, 64)] int bins)
    {
        var settings = new SplineSettings(bins);
        const int rows = 333;
        using var x = TransformBlock<double>.Values(rows, Features, TransformKernels.Uniform(3, 7));
        using var parameters = TransformBlock<double>.Values(rows, Features * settings.ParametersPerFeature, TransformKernels.Normal(4, 1.5));
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = Apply(kernels, inverse: false, settings, x, parameters);
        using var image = TransformBlock<double>.Values(rows, Features, (row, column) => y[(row * Features) + column]);
        var (back, backLogDet) = Apply(kernels, inverse: true, settings, image, parameters);
        for (var i = 0; i < y.Length; i++)
        {
            // y carries a rounding of about 1e-15, which the inverse's slope, here up to 1e4, magnifies.
            Assert.That(back[i], Is.EqualTo(x[i / Features, i % Features]).Within(1e-11));
        }

        for (var row = 0; row < rows; row++)
            Assert.That(backLogDet[row], Is.EqualTo(-logDet[row]).Within(1e-9));
    }

    [Test]
    public void In_single_precision_the_inverse_undoes_the_forward_direction()
    {
        var settings = new SplineSettings(20);
        const int rows = 512;
        using var x = TransformBlock<float>.Values(rows, Features, TransformKernels.Uniform(5, 6));
        using var parameters = TransformBlock<float>.Values(rows, Features * settings.ParametersPerFeature, TransformKernels.Normal(6, 0.7));
        using var kernels = TransformKernels.OfWidth<float>(512);
        var (y, _) = Apply(kernels, inverse: false, settings, x, parameters);
        using var image = TransformBlock<float>.Values(rows, Features, (row, column) => y[(row * Features) + column]);
        var (back, _) = Apply(kernels, inverse: true, settings, image, parameters);
        for (var i = 0; i < y.Length; i++)
        {
            // A rounding of y near the bound is 5e-7; the inverse's slope is at most about 100 for such parameters.
            Assert.That(back[i], Is.EqualTo(x[i / Features, i % Features]).Within(1e-4));
        }
    }

    [Test]
    public void Gradients_equal_central_differences([Values(2, 7, 20)] int bins, [Values] bool inverse, [Values(0, 512)] int bits)
    {
        var settings = new SplineSettings(bins);
        const int rows = 48;
        var count = Features * settings.ParametersPerFeature;
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var x = TransformBlock<double>.Values(rows, Features, TransformKernels.Uniform(7, 6));
        using var parameters = TransformBlock<double>.Values(rows, count, TransformKernels.Normal(8, 1));
        using var dy = TransformBlock<double>.Adjoints(rows, Features, TransformKernels.Normal(9, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, TransformKernels.Normal(10, 1));
        using var dx = TransformBlock<double>.Zeros(rows, Features);
        using var dparameters = TransformBlock<double>.Zeros(rows, count);
        using var y = TransformBlock<double>.Zeros(rows, Features);
        using var logDet = TransformBlock<double>.Zeros(rows, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
        kernels.SplineAdjoint(
            inverse, settings, x.Matrix, parameters.Matrix, _order, y.Matrix, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, overwriteParameters: true);

        double[] Loss()
        {
            kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
            return TransformGradients.Loss(y, logDet, dy, dlogDet);
        }

        TransformGradients.CompareWithDifferences(x, dx, Loss);
        TransformGradients.CompareWithDifferences(parameters, dparameters, Loss);
    }

    [Test]
    public void Gradients_of_a_shared_row_are_the_sums_over_the_events([Values] bool inverse, [Values] bool overwrite)
    {
        var settings = new SplineSettings(6);
        const int rows = 77;
        var count = Features * settings.ParametersPerFeature;
        var numbers = TransformKernels.Normal(11, 1);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var shared = TransformBlock<double>.Shared(count, column => numbers(0, column));
        using var repeated = TransformBlock<double>.Values(rows, count, (_, column) => shared[0, column]);
        using var x = TransformBlock<double>.Values(rows, Features, TransformKernels.Uniform(12, 6));
        using var dy = TransformBlock<double>.Adjoints(rows, Features, TransformKernels.Normal(13, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, TransformKernels.Normal(14, 1));
        var (sharedY, sharedLogDet) = Apply(kernels, inverse, settings, x, shared);
        var (y, logDet) = Apply(kernels, inverse, settings, x, repeated);
        Assert.That(sharedY, Is.EqualTo(y));
        Assert.That(sharedLogDet, Is.EqualTo(logDet));

        using var dshared = TransformBlock<double>.Shared(count, _ => 3);
        using var drepeated = TransformBlock<double>.Zeros(rows, count);
        using var dx = TransformBlock<double>.Zeros(rows, Features);
        using var dxShared = TransformBlock<double>.Zeros(rows, Features);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, repeated.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, drepeated.Matrix, overwrite);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, shared.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dxShared.Matrix, dshared.Matrix, overwrite);
        Assert.That(dxShared.ToArray(), Is.EqualTo(dx.ToArray()));
        for (var column = 0; column < count; column++)
        {
            var sum = overwrite ? 0.0 : 3.0;
            for (var row = 0; row < rows; row++)
                sum += drepeated[row, column];

            // 77 terms of order one, added in another order.
            Assert.That(dshared[0, column], Is.EqualTo(sum).Within(1e-12));
        }
    }

    [Test]
    public void Adjoints_add_unless_told_to_overwrite_and_an_absent_one_counts_as_zero([Values] bool inverse, [Values(0, 512)] int bits)
    {
        var settings = new SplineSettings(5);
        const int rows = 40;
        var count = Features * settings.ParametersPerFeature;
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var x = TransformBlock<double>.Values(rows, Features, TransformKernels.Uniform(15, 6));
        using var parameters = TransformBlock<double>.Values(rows, count, TransformKernels.Normal(16, 1));
        using var dy = TransformBlock<double>.Adjoints(rows, Features, TransformKernels.Normal(17, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, TransformKernels.Normal(18, 1));
        using var both = TransformBlock<double>.Adjoints(rows, count, (_, _) => double.NaN);
        using var added = TransformBlock<double>.Zeros(rows, count);
        using var dxBoth = TransformBlock<double>.Zeros(rows, Features);
        using var dxAdded = TransformBlock<double>.Zeros(rows, Features);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dxBoth.Matrix, both.Matrix, true);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, default, dxAdded.Matrix, added.Matrix, false);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, default, dlogDet.Matrix, dxAdded.Matrix, added.Matrix, false);
        TransformGradients.CompareRelativeToLargest(added.ToArray(), both.ToArray(), 1e-13);
        TransformGradients.CompareRelativeToLargest(dxAdded.ToArray(), dxBoth.ToArray(), 1e-13);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, default, both.Matrix, true);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dxAdded.Matrix, default, false);
        for (var row = rows; row < both.Matrix.PaddedRows; row++)
        {
            for (var column = 0; column < count; column++)
                Assert.That(both[row, column], Is.Zero, "padding");
        }
    }

    [Test]
    public void Outside_the_bound_the_spline_is_the_identity_and_its_lower_end_is_outside(
        [Values(-5.0, -5.0000001, -1e30, double.NegativeInfinity, 5.0000001, 7.5, double.PositiveInfinity)] double x, [Values] bool inverse, [Values(0, 512)] int bits)
    {
        var settings = new SplineSettings(8);
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var parameters = TransformBlock<double>.Values(1, settings.ParametersPerFeature, TransformKernels.Normal(19, 1));
        using var arguments = TransformBlock<double>.Values(1, 1, (_, _) => x);
        using var y = TransformBlock<double>.Zeros(1, 1);
        using var logDet = TransformBlock<double>.Zeros(1, 1);
        using var dy = TransformBlock<double>.Adjoints(1, 1, (_, _) => 2);
        using var dlogDet = TransformBlock<double>.Adjoints(1, 1, (_, _) => 3);
        using var dx = TransformBlock<double>.Zeros(1, 1);
        using var dparameters = TransformBlock<double>.Zeros(1, settings.ParametersPerFeature);
        kernels.Spline(inverse, settings, arguments.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);
        kernels.SplineAdjoint(
            inverse, settings, arguments.Matrix, parameters.Matrix, [0], y.Matrix, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, overwriteParameters: false);
        Assert.That(y[0, 0], Is.EqualTo(x));
        Assert.That(logDet[0, 0], Is.Zero);
        Assert.That(dx[0, 0], Is.EqualTo(2));
        Assert.That(dparameters.ToArray(), Is.All.Zero);
    }

    [Test]
    public void At_the_upper_end_the_spline_meets_the_identity([Values] bool inverse)
    {
        var settings = new SplineSettings(8);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Values(1, settings.ParametersPerFeature, TransformKernels.Normal(20, 1));
        using var x = TransformBlock<double>.Values(1, 1, (_, _) => 5);
        using var single = new TransformPair(kernels, inverse, settings, x, parameters);

        // The last knot is a rounded sum: 5 lies within a few roundings of it, on either side.
        Assert.That(single.Y, Is.EqualTo(5).Within(1e-13));
        Assert.That(single.LogDet, Is.Zero.Within(1e-12));
    }

    [Test]
    public void A_knot_belongs_to_the_bin_below_it_and_value_and_derivative_are_continuous_there([Values(2, 9)] int bins)
    {
        var settings = new SplineSettings(bins);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Values(1, settings.ParametersPerFeature, TransformKernels.Normal(21, 1));
        var definition = new SplineDefinition(settings, Parameters(parameters, settings, 0, 0));
        for (var k = 1; k < bins; k++)
        {
            var knot = definition.KnotsX[k];
            foreach (var x in (double[])[Math.BitDecrement(knot), knot, Math.BitIncrement(knot)])
            {
                using var argument = TransformBlock<double>.Values(1, 1, (_, _) => x);
                using var pair = new TransformPair(kernels, false, settings, argument, parameters);
                var (y, logDerivative) = definition.Forward(knot);
                Assert.That(pair.Y, Is.EqualTo(y).Within(1e-12));
                Assert.That(pair.LogDet, Is.EqualTo(logDerivative).Within(1e-10));
            }
        }
    }

    [Test]
    public void NaN_arguments_and_NaN_parameters_come_out_as_NaN([Values] bool inverse, [Values(0, 512)] int bits)
    {
        var settings = new SplineSettings(4);
        using var kernels = TransformKernels.OfWidth<float>(bits);
        using var parameters = TransformBlock<float>.Values(1, settings.ParametersPerFeature, TransformKernels.Normal(22, 1));
        using var missing = TransformBlock<float>.Values(1, settings.ParametersPerFeature, (_, _) => double.NaN);
        using var x = TransformBlock<float>.Values(1, 1, (_, _) => 0.5);
        using var unknown = TransformBlock<float>.Values(1, 1, (_, _) => double.NaN);
        using var y = TransformBlock<float>.Zeros(1, 1);
        using var logDet = TransformBlock<float>.Zeros(1, 1);
        kernels.Spline(inverse, settings, unknown.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);
        Assert.That(y[0, 0], Is.NaN);
        kernels.Spline(inverse, settings, x.Matrix, missing.Matrix, [0], y.Matrix, logDet.Matrix);
        Assert.That(y[0, 0], Is.NaN);
        Assert.That(logDet[0, 0], Is.NaN);
    }

    [Test]
    public void Parameters_of_any_size_give_finite_results_in_single_precision([Values] bool inverse, [Values(10.0, 1e3, 1e8)] double scale)
    {
        var settings = new SplineSettings(20);
        const int rows = 256;
        var count = Features * settings.ParametersPerFeature;
        using var kernels = TransformKernels.OfWidth<float>(512);
        using var x = TransformBlock<float>.Values(rows, Features, TransformKernels.Uniform(23, 5.5));
        using var parameters = TransformBlock<float>.Values(rows, count, TransformKernels.Normal(24, scale));
        using var dy = TransformBlock<float>.Adjoints(rows, Features, TransformKernels.Normal(25, 1));
        using var dlogDet = TransformBlock<float>.Adjoints(rows, 1, TransformKernels.Normal(26, 1));
        using var dx = TransformBlock<float>.Zeros(rows, Features);
        using var dparameters = TransformBlock<float>.Zeros(rows, count);
        var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, true);
        Assert.That(y, Is.All.Matches<double>(double.IsFinite));
        Assert.That(logDet, Is.All.Matches<double>(double.IsFinite));
        Assert.That(dx.ToArray(), Is.All.Matches<double>(double.IsFinite));
        Assert.That(dparameters.ToArray(), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void The_spline_increases_whatever_its_parameters([Values] bool inverse) =>
        FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure, Prop.ForAll(
            Gen.Choose(0, 1_000_000).ToArbitrary(),
            Gen.Choose(2, 64).ToArbitrary(),
            Gen.Choose(1, 100).ToArbitrary(),
            (seed, bins, scale) => Increases(seed, bins, scale / 10.0, inverse)));

    private static bool Increases(int seed, int bins, double scale, bool inverse)
    {
        var settings = new SplineSettings(bins);
        const int rows = 1000;
        var numbers = TransformKernels.Normal(seed, scale);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Shared(settings.ParametersPerFeature, column => numbers(0, column));
        using var x = TransformBlock<double>.Values(rows, 1, (row, _) => -5.5 + (11.0 * row / rows));
        using var y = TransformBlock<double>.Zeros(rows, 1);
        using var logDet = TransformBlock<double>.Zeros(rows, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);
        for (var row = 1; row < rows; row++)
        {
            // Up to a few roundings of the bound, which the inverse's slope, at most 1/S² = 1e6, magnifies.
            if (!(y[row, 0] >= y[row - 1, 0] - (inverse ? 1e-9 : 1e-13)))
                return false;
        }

        return true;
    }

    private static double[] Parameters(TransformBlock<double> parameters, SplineSettings settings, int row, int position)
    {
        var numbers = new double[settings.ParametersPerFeature];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = parameters[row, (position * numbers.Length) + i];
        return numbers;
    }

    private static (double[] Y, double[] LogDet) Apply<T>(
        Kernels<T> kernels, bool inverse, SplineSettings settings, TransformBlock<T> x, TransformBlock<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var y = TransformBlock<T>.Zeros(x.Matrix.Rows, x.Matrix.Columns);
        using var logDet = TransformBlock<T>.Zeros(x.Matrix.Rows, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
        return (y.ToArray(), logDet.ToArray());
    }

    private static void EqualBits<T>(int bits, int bins, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = new SplineSettings(bins);
        const int rows = 70;
        var count = Features * settings.ParametersPerFeature;
        using var x = TransformBlock<T>.Values(rows, Features, TransformKernels.Uniform(27, 6));
        using var parameters = TransformBlock<T>.Values(rows, count, TransformKernels.Normal(28, 2));
        using var dy = TransformBlock<T>.Adjoints(rows, Features, TransformKernels.Normal(29, 1));
        using var dlogDet = TransformBlock<T>.Adjoints(rows, 1, TransformKernels.Normal(30, 1));
        var results = new double[2][][];
        for (var i = 0; i < 2; i++)
        {
            using var kernels = TransformKernels.OfWidth<T>(i == 0 ? 0 : bits);
            using var dx = TransformBlock<T>.Zeros(rows, Features);
            using var dparameters = TransformBlock<T>.Zeros(rows, count);
            var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);
            kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, false);
            results[i] = [y, logDet, dx.ToArray(), dparameters.ToArray()];
        }

        for (var part = 0; part < 4; part++)
            Assert.That(MemoryMarshal.AsBytes<double>(results[1][part]).SequenceEqual(MemoryMarshal.AsBytes<double>(results[0][part])), $"part {part} of {typeof(T).Name}");
    }

    // One event of one feature.
    private sealed class TransformPair : IDisposable
    {
        private readonly TransformBlock<double> _y = TransformBlock<double>.Zeros(1, 1);
        private readonly TransformBlock<double> _logDet = TransformBlock<double>.Zeros(1, 1);

        public TransformPair(Kernels<double> kernels, bool inverse, SplineSettings settings, TransformBlock<double> x, TransformBlock<double> parameters) =>
            kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, [0], _y.Matrix, _logDet.Matrix);

        public double Y => _y[0, 0];

        public double LogDet => _logDet[0, 0];

        public void Dispose()
        {
            _y.Dispose();
            _logDet.Dispose();
        }
    }
}
