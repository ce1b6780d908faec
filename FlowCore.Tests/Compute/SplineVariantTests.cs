using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The spline with other ends, tails, bounds and parameters than the plain one of <see cref="SplineTests"/>.</summary>
public sealed class SplineVariantTests
{
    private const int Features = 2;
    private static readonly int[] _order = [1, 0];
    private static readonly string[] _names = SplineVariants.Names;

    [Test]
    public void Every_register_width_gives_the_bits_of_the_scalar_reference(
        [ValueSource(nameof(_names))] string name, [Values(128, 256, 512)] int bits, [Values] bool inverse, [Values] bool shared)
    {
        EqualBits<float>(SplineVariants.Settings(name), bits, inverse, shared);
        EqualBits<double>(SplineVariants.Settings(name), bits, inverse, shared);
    }

    [Test]
    public void Values_and_log_derivatives_are_those_of_the_definition([ValueSource(nameof(_names))] string name, [Values] bool inverse)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 300;
        using var x = TransformBlock<double>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 1));
        using var parameters = TransformBlock<double>.Values(rows, Features * settings.ParametersPerFeature, TransformKernels.Normal(2, 1.5));
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);
        for (var row = 0; row < rows; row++)
        {
            var expectedLogDet = 0.0;
            for (var feature = 0; feature < Features; feature++)
            {
                var spline = Definition(settings, parameters, row, _order[feature]);
                var (value, logDerivative) = inverse ? spline.Inverse(x[row, feature]) : spline.Forward(x[row, feature]);
                expectedLogDet += logDerivative;

                // Knots carry a few roundings of the bound, 1e-15; slopes of up to 1e4 magnify them.
                Assert.That(y[(row * Features) + feature], Is.EqualTo(value).Within(2e-11));
            }

            Assert.That(logDet[row], Is.EqualTo(expectedLogDet).Within(1e-9));
        }
    }

    [Test]
    public void The_inverse_undoes_the_forward_direction_and_negates_its_log_derivative([ValueSource(nameof(_names))] string name)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 333;
        using var x = TransformBlock<double>.Values(rows, Features, SplineVariants.Arguments(settings, inverse: false, 3));
        using var parameters = TransformBlock<double>.Values(rows, Features * settings.ParametersPerFeature, TransformKernels.Normal(4, 1.5));
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = Apply(kernels, inverse: false, settings, x, parameters);
        using var image = TransformBlock<double>.Values(rows, Features, (row, column) => y[(row * Features) + column]);
        var (back, backLogDet) = Apply(kernels, inverse: true, settings, image, parameters);

        // y carries a rounding of about 1e-15, which the inverse's slope, up to 1e4, magnifies.
        for (var i = 0; i < y.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i / Features, i % Features]).Within(1e-10));
        for (var row = 0; row < rows; row++)
            Assert.That(backLogDet[row], Is.EqualTo(-logDet[row]).Within(1e-8));
    }

    [Test]
    public void Gradients_equal_central_differences([ValueSource(nameof(_names))] string name, [Values] bool inverse, [Values(0, 512)] int bits, [Values] bool shared)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 40;
        var count = Features * settings.ParametersPerFeature;
        var numbers = TransformKernels.Normal(8, 0.7);
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var x = TransformBlock<double>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 41));
        using var parameters = shared ? TransformBlock<double>.Shared(count, column => numbers(0, column)) : TransformBlock<double>.Values(rows, count, numbers);
        using var dy = TransformBlock<double>.Adjoints(rows, Features, TransformKernels.Normal(9, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, TransformKernels.Normal(10, 1));
        using var dx = TransformBlock<double>.Zeros(rows, Features);
        using var dparameters = shared ? TransformBlock<double>.Shared(count, _ => 7) : TransformBlock<double>.Zeros(rows, count);
        using var y = TransformBlock<double>.Zeros(rows, Features);
        using var logDet = TransformBlock<double>.Zeros(rows, 1);
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
    public void Adjoints_add_unless_told_to_overwrite([ValueSource(nameof(_names))] string name, [Values] bool inverse)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 40;
        var count = Features * settings.ParametersPerFeature;
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var x = TransformBlock<double>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 15));
        using var parameters = TransformBlock<double>.Values(rows, count, TransformKernels.Normal(16, 1));
        using var dy = TransformBlock<double>.Adjoints(rows, Features, TransformKernels.Normal(17, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, TransformKernels.Normal(18, 1));
        using var written = TransformBlock<double>.Adjoints(rows, count, (_, _) => double.NaN);
        using var added = TransformBlock<double>.Adjoints(rows, count, (_, _) => 0.25);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, default, written.Matrix, true);
        kernels.SplineAdjoint(inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, default, added.Matrix, false);
        Assert.That(added.ToArray(), Is.EqualTo(Array.ConvertAll(written.ToArray(), number => number + 0.25)));
    }

    [Test]
    public void Ends_map_to_ends_and_value_and_slope_are_continuous_there([ValueSource(nameof(_names))] string name)
    {
        var settings = SplineVariants.Settings(name);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Shared(settings.ParametersPerFeature, column => Math.Sin(3 + (2 * column)));
        double[] points =
        [
            settings.Lower, settings.Upper,
            settings.Lower - 1e-9, settings.Lower + 1e-9, settings.Upper - 1e-9, settings.Upper + 1e-9,
        ];
        using var x = TransformBlock<double>.Values(points.Length, 1, (row, _) => points[row]);
        using var y = TransformBlock<double>.Zeros(points.Length, 1);
        using var logDet = TransformBlock<double>.Zeros(points.Length, 1);
        kernels.Spline(false, settings, x.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);

        // The corners by a few roundings; then steps of 1e-9 with slopes below 10 and second derivatives below 1000.
        Assert.That(y[0, 0], Is.EqualTo(settings.LowerImage).Within(1e-14));
        Assert.That(y[1, 0], Is.EqualTo(settings.UpperImage).Within(1e-14));
        for (var point = 2; point < points.Length; point++)
        {
            var end = (point - 2) / 2;
            if (settings.Tails == SplineTails.None && points[point] is var p && (p < settings.Lower || p > settings.Upper))
                continue;
            Assert.That(y[point, 0], Is.EqualTo(y[end, 0]).Within(1e-8));
            Assert.That(logDet[point, 0], Is.EqualTo(logDet[end, 0]).Within(1e-6));
        }
    }

    [Test]
    public void The_slopes_at_the_ends_are_those_given([Values(SplineParametrization.Limited, SplineParametrization.Softmax)] SplineParametrization parametrization, [Values] bool inverse)
    {
        var settings = new SplineSettings(4, 2) { Parametrization = parametrization, LowerSlope = 0.25, UpperSlope = 3 };
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Shared(settings.ParametersPerFeature, column => Math.Sin(3 + (2 * column)));
        double[] points = [-2, 2, -12, 12];
        using var x = TransformBlock<double>.Values(4, 1, (row, _) => points[row]);
        using var y = TransformBlock<double>.Zeros(4, 1);
        using var logDet = TransformBlock<double>.Zeros(4, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, [0], y.Matrix, logDet.Matrix);
        for (var i = 0; i < 4; i++)
        {
            var slope = i % 2 == 0 ? 0.25 : 3;
            slope = inverse ? 1 / slope : slope;
            Assert.That(logDet[i, 0], Is.EqualTo(Math.Log(slope)).Within(1e-13));
            Assert.That(y[i, 0], Is.EqualTo((i % 2 == 0 ? -1 : 1) * (2 + (i < 2 ? 0 : 10 * slope))).Within(1e-13));
        }
    }

    [Test]
    public void Outside_a_box_the_value_stays_the_log_derivative_is_minus_infinity_and_no_adjoint_of_the_row_comes_out(
        [Values("box", "softmax box")] string name, [Values] bool inverse, [Values(0, 512)] int bits, [Values] bool above)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 9;
        const int outside = 4;
        var count = Features * settings.ParametersPerFeature;
        var (lower, upper) = inverse ? (settings.LowerImage, settings.UpperImage) : (settings.Lower, settings.Upper);
        var far = above ? Math.BitIncrement(upper) : Math.BitDecrement(lower);
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var x = TransformBlock<double>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 31));
        using var parameters = TransformBlock<double>.Values(rows, count, TransformKernels.Normal(32, 1));
        var (yInside, logInside) = Apply(kernels, inverse, settings, x, parameters);
        using var dyInside = TransformBlock<double>.Adjoints(rows, Features, (row, column) => 1 + row + column);
        using var dlogInside = TransformBlock<double>.Adjoints(rows, 1, (row, _) => 2 - row);
        var (dxInside, dparametersInside) = Adjoint(dyInside, dlogInside);

        x[outside, 1] = far;
        var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);
        using var dy = TransformBlock<double>.Adjoints(rows, Features, (row, column) => row == outside ? double.NaN : 1 + row + column);
        using var dlog = TransformBlock<double>.Adjoints(rows, 1, (row, _) => row == outside ? double.PositiveInfinity : 2 - row);
        var (dx, dparameters) = Adjoint(dy, dlog);
        for (var row = 0; row < rows; row++)
        {
            if (row == outside)
            {
                Assert.That(y[(row * Features) + 1], Is.EqualTo(far));
                Assert.That(y[row * Features], Is.EqualTo(yInside[row * Features]));
                Assert.That(logDet[row], Is.EqualTo(double.NegativeInfinity));
                Assert.That(dx[(row * Features)..((row + 1) * Features)], Is.All.Zero);
                Assert.That(dparameters[(row * count)..((row + 1) * count)], Is.All.Zero);
                continue;
            }

            Assert.That(logDet[row], Is.EqualTo(logInside[row]));
            Assert.That(dx[(row * Features)..((row + 1) * Features)], Is.EqualTo(dxInside[(row * Features)..((row + 1) * Features)]));
            Assert.That(dparameters[(row * count)..((row + 1) * count)], Is.EqualTo(dparametersInside[(row * count)..((row + 1) * count)]));
        }

        (double[] X, double[] Parameters) Adjoint(TransformBlock<double> ofValue, TransformBlock<double> ofLog)
        {
            using var ofX = TransformBlock<double>.Zeros(rows, Features);
            using var ofParameters = TransformBlock<double>.Zeros(rows, count);
            kernels.SplineAdjoint(
                inverse, settings, x.Matrix, parameters.Matrix, _order, default, ofValue.Matrix, ofLog.Matrix, ofX.Matrix, ofParameters.Matrix, overwriteParameters: false);
            return (ofX.ToArray(), ofParameters.ToArray());
        }
    }

    [Test]
    public void A_circle_repeats_with_the_shift_of_its_image([Values("circle", "circle of given slopes", "softmax circle")] string name, [Values] bool inverse, [Values(-3, 1, 20)] int turns)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 60;
        var (lower, upper) = inverse ? (settings.LowerImage, settings.UpperImage) : (settings.Lower, settings.Upper);
        var shift = turns * (inverse ? settings.Upper - settings.Lower : settings.UpperImage - settings.LowerImage);
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Values(rows, settings.ParametersPerFeature, TransformKernels.Normal(33, 1));
        using var x = TransformBlock<double>.Values(rows, 1, (row, _) => lower + ((upper - lower) * (row + 0.5) / rows));
        using var moved = TransformBlock<double>.Values(rows, 1, (row, _) => x[row, 0] + (turns * (upper - lower)));
        var (y, logDet) = Apply(kernels, inverse, settings, x, parameters, [0]);
        var (movedY, movedLogDet) = Apply(kernels, inverse, settings, moved, parameters, [0]);
        for (var row = 0; row < rows; row++)
        {
            // A rounding of an argument of up to 120, 1e-14, times a slope of up to 100.
            Assert.That(movedY[row] - shift, Is.EqualTo(y[row]).Within(2e-12));
            Assert.That(movedLogDet[row], Is.EqualTo(logDet[row]).Within(1e-10));
        }
    }

    [Test]
    public void The_implied_density_integrates_to_one([ValueSource(nameof(_names))] string name)
    {
        var settings = SplineVariants.Settings(name);
        const int points = 200_000;
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Shared(settings.ParametersPerFeature, column => 0.7 * Math.Sin(3 + (2 * column)));

        // On a box or a circle the image is uniform; with lines outside it is standard normal, and ±30 holds all of it.
        var isBounded = settings.Tails != SplineTails.Linear;
        var (lower, upper) = isBounded ? (settings.Lower, settings.Upper) : (-30.0, 30.0);
        var step = (upper - lower) / points;
        using var x = TransformBlock<double>.Values(points, 1, (row, _) => lower + ((row + 0.5) * step));
        var (y, logDet) = Apply(kernels, inverse: false, settings, x, parameters, [0]);
        var integral = 0.0;
        for (var row = 0; row < points; row++)
        {
            var logBase = isBounded ? -Math.Log(settings.UpperImage - settings.LowerImage) : -0.5 * ((y[row] * y[row]) + Math.Log(2 * Math.PI));
            integral += step * Math.Exp(logBase + logDet[row]);
        }

        // The midpoint rule errs by step² / 24 times the second derivative, below 1000, and at each kink by as much.
        Assert.That(integral, Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_softmax_bin_holds_its_lower_knot_and_a_limited_one_its_upper([Values(SplineParametrization.Limited, SplineParametrization.Softmax)] SplineParametrization parametrization)
    {
        // Two equal bins, whose knot is 0 exactly, with heights 1 : 3 or so: the slope's derivative jumps there.
        var settings = new SplineSettings(2, 1) { Parametrization = parametrization, MinimumWidth = 0.0625 };
        using var kernels = TransformKernels.OfWidth<double>(512);
        double[] raw = [0, 0, 0, 1, 0.5];
        using var parameters = TransformBlock<double>.Shared(5, column => raw[column]);
        using var x = TransformBlock<double>.Values(3, 1, (row, _) => (row - 1) * 1e-7);
        using var dlogDet = TransformBlock<double>.Adjoints(3, 1, (_, _) => 1);
        using var dx = TransformBlock<double>.Zeros(3, 1);
        kernels.SplineAdjoint(false, settings, x.Matrix, parameters.Matrix, [0], default, default, dlogDet.Matrix, dx.Matrix, default, false);
        Assert.That(dx[0, 0] - dx[2, 0], Is.Not.Zero.Within(0.1), "it jumps");
        Assert.That(dx[1, 0], Is.EqualTo(dx[parametrization == SplineParametrization.Softmax ? 2 : 0, 0]).Within(1e-4));
    }

    [Test]
    public void Parameters_of_any_size_give_finite_results_in_single_precision([ValueSource(nameof(_names))] string name, [Values] bool inverse, [Values(10.0, 1e3, 1e8)] double scale)
    {
        var settings = SplineVariants.Settings(name);
        const int rows = 256;
        var count = Features * settings.ParametersPerFeature;
        using var kernels = TransformKernels.OfWidth<float>(512);
        using var x = TransformBlock<float>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 23));
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
    public void NaN_arguments_and_NaN_parameters_come_out_as_NaN([ValueSource(nameof(_names))] string name, [Values] bool inverse, [Values(0, 512)] int bits)
    {
        var settings = SplineVariants.Settings(name);
        using var kernels = TransformKernels.OfWidth<float>(bits);
        using var parameters = TransformBlock<float>.Values(1, settings.ParametersPerFeature, TransformKernels.Normal(22, 1));
        using var missing = TransformBlock<float>.Values(1, settings.ParametersPerFeature, (_, _) => double.NaN);
        using var x = TransformBlock<float>.Values(1, 1, (_, _) => 0.5);
        using var unknown = TransformBlock<float>.Values(1, 1, (_, _) => double.NaN);
        Assert.That(Apply(kernels, inverse, settings, unknown, parameters, [0]).Y[0], Is.NaN);
        var (y, logDet) = Apply(kernels, inverse, settings, x, missing, [0]);
        Assert.That(y[0], Is.NaN);
        Assert.That(logDet[0], Is.NaN);
    }

    [Test]
    public void Values_and_gradients_are_those_of_nflows()
    {
        var settings = new SplineSettings(8, 3) { Parametrization = SplineParametrization.Softmax };
        var rows = NflowsSplineVectors.X.Length;
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var parameters = TransformBlock<double>.Shared(23, column => NflowsSplineVectors.Parameters[column]);
        using var x = TransformBlock<double>.Values(rows, 1, (row, _) => NflowsSplineVectors.X[row]);
        using var image = TransformBlock<double>.Values(rows, 1, (row, _) => NflowsSplineVectors.Y[row]);
        var (y, _) = Apply(kernels, inverse: false, settings, x, parameters, [0]);
        var (back, _) = Apply(kernels, inverse: true, settings, image, parameters, [0]);
        using var dy = TransformBlock<double>.Adjoints(rows, 1, (row, _) => -y[row] / rows);
        using var dlogDet = TransformBlock<double>.Adjoints(rows, 1, (_, _) => 1.0 / rows);
        using var gradient = TransformBlock<double>.Shared(23, _ => 0);
        kernels.SplineAdjoint(false, settings, x.Matrix, parameters.Matrix, [0], default, dy.Matrix, dlogDet.Matrix, default, gradient.Matrix, overwriteParameters: true);

        // Both are good to a few roundings of the bound, magnified by slopes of order one.
        Assert.That(y, Is.EqualTo(NflowsSplineVectors.Y).Within(1e-13));
        Assert.That(back, Is.EqualTo(NflowsSplineVectors.X).Within(1e-13));
        TransformGradients.CompareRelativeToLargest(gradient.ToArray(), NflowsSplineVectors.Gradient, 1e-13);
    }

    private static SplineDefinition Definition(SplineSettings settings, TransformBlock<double> parameters, int row, int position)
    {
        var numbers = new double[settings.ParametersPerFeature];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = parameters[row, (position * numbers.Length) + i];
        return new(settings, numbers);
    }

    private static (double[] Y, double[] LogDet) Apply<T>(
        Kernels<T> kernels, bool inverse, SplineSettings settings, TransformBlock<T> x, TransformBlock<T> parameters, int[]? positions = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var y = TransformBlock<T>.Zeros(x.Matrix.Rows, x.Matrix.Columns);
        using var logDet = TransformBlock<T>.Zeros(x.Matrix.Rows, 1);
        kernels.Spline(inverse, settings, x.Matrix, parameters.Matrix, positions ?? _order, y.Matrix, logDet.Matrix);
        return (y.ToArray(), logDet.ToArray());
    }

    private static void EqualBits<T>(SplineSettings settings, int bits, bool inverse, bool shared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int rows = 70;
        var count = Features * settings.ParametersPerFeature;
        var numbers = TransformKernels.Normal(28, 2);
        using var x = TransformBlock<T>.Values(rows, Features, SplineVariants.Arguments(settings, inverse, 27));
        using var parameters = shared ? TransformBlock<T>.Shared(count, column => numbers(0, column)) : TransformBlock<T>.Values(rows, count, numbers);
        using var dy = TransformBlock<T>.Adjoints(rows, Features, TransformKernels.Normal(29, 1));
        using var dlogDet = TransformBlock<T>.Adjoints(rows, 1, TransformKernels.Normal(30, 1));
        var results = new double[2][][];
        for (var i = 0; i < 2; i++)
        {
            using var kernels = TransformKernels.OfWidth<T>(i == 0 ? 0 : bits);
            using var dx = TransformBlock<T>.Zeros(rows, Features);
            using var dparameters = TransformBlock<T>.Zeros(rows, count);
            var (y, logDet) = Apply(kernels, inverse, settings, x, parameters);

            // The sums over the rows of shared parameters depend on the width.
            kernels.SplineAdjoint(
                inverse, settings, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, shared ? default : dparameters.Matrix, false);
            results[i] = [y, logDet, dx.ToArray(), dparameters.ToArray()];
        }

        for (var part = 0; part < 4; part++)
            Assert.That(MemoryMarshal.AsBytes<double>(results[1][part]).SequenceEqual(MemoryMarshal.AsBytes<double>(results[0][part])), $"part {part} of {typeof(T).Name}");
    }
}
