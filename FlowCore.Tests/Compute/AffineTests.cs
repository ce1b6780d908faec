using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

public sealed class AffineTests
{
    private const int Rows = 45;
    private const int Features = 3;
    private static readonly int[] _order = [2, 0, 1];

    [Test]
    public void Every_register_width_gives_the_bits_of_the_scalar_reference([Values(128, 256, 512)] int bits, [Values] bool inverse)
    {
        EqualBits<float>(bits, inverse);
        EqualBits<double>(bits, inverse);
    }

    [Test]
    public void Values_are_those_of_the_definition([Values(0.0, 1e-3, 0.5)] double slope, [Values] bool shared)
    {
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var x = TransformBlock<double>.Values(Rows, Features, TransformKernels.Normal(1, 3));
        using var parameters = Parameters<double>(shared);
        var (y, logDet) = Apply(kernels, false, slope, x, parameters);
        for (var row = 0; row < Rows; row++)
        {
            var sum = 0.0;
            for (var feature = 0; feature < Features; feature++)
            {
                var shift = parameters[shared ? 0 : row, 2 * _order[feature]];
                var raw = parameters[shared ? 0 : row, (2 * _order[feature]) + 1];
                var logScale = slope == 0 ? raw : raw / (1 + Math.Abs(raw / Math.Log(slope)));
                sum += logScale;

                // A few roundings of the log-scale and the product, each relative to the size of what is multiplied.
                var expected = (x[row, feature] * Math.Exp(logScale)) + shift;
                Assert.That(y[(row * Features) + feature], Is.EqualTo(expected).Within(1e-14 * Math.Exp(Math.Abs(logScale)) * (1 + Math.Abs(x[row, feature]) + Math.Abs(shift))));
            }

            Assert.That(logDet[row], Is.EqualTo(sum).Within(1e-13));
        }
    }

    [Test]
    public void The_inverse_undoes_the_forward_direction_and_negates_its_log_derivative([Values(0.0, 1e-3)] double slope, [Values] bool shared)
    {
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var x = TransformBlock<double>.Values(Rows, Features, TransformKernels.Normal(2, 3));
        using var parameters = Parameters<double>(shared);
        var (y, logDet) = Apply(kernels, false, slope, x, parameters);
        using var image = TransformBlock<double>.Values(Rows, Features, (row, column) => y[(row * Features) + column]);
        var (back, backLogDet) = Apply(kernels, true, slope, image, parameters);
        for (var i = 0; i < y.Length; i++)
        {
            // The shift, a few units, is rounded in and comes back divided by e^s, at least e^-8.
            Assert.That(back[i], Is.EqualTo(x[i / Features, i % Features]).Within(1e-11));
        }

        for (var row = 0; row < Rows; row++)
            Assert.That(backLogDet[row], Is.EqualTo(-logDet[row]));
    }

    [Test]
    public void Gradients_equal_central_differences(
        [Values(0.0, 1e-3)] double slope, [Values] bool shared, [Values] bool inverse, [Values(0, 512)] int bits)
    {
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var x = TransformBlock<double>.Values(Rows, Features, TransformKernels.Normal(3, 1));
        using var parameters = Parameters<double>(shared);
        using var dy = TransformBlock<double>.Adjoints(Rows, Features, TransformKernels.Normal(4, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(Rows, 1, TransformKernels.Normal(5, 1));
        using var dx = TransformBlock<double>.Zeros(Rows, Features);
        using var dparameters = shared ? TransformBlock<double>.Shared(2 * Features, _ => 0) : TransformBlock<double>.Zeros(Rows, 2 * Features);
        using var y = TransformBlock<double>.Zeros(Rows, Features);
        using var logDet = TransformBlock<double>.Zeros(Rows, 1);
        kernels.AffineAdjoint(
            inverse, slope, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, overwriteParameters: false);

        double[] Loss()
        {
            kernels.Affine(inverse, slope, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
            return TransformGradients.Loss(y, logDet, dy, dlogDet);
        }

        TransformGradients.CompareWithDifferences(x, dx, Loss);
        TransformGradients.CompareWithDifferences(parameters, dparameters, Loss);
    }

    [Test]
    public void Adjoints_add_unless_told_to_overwrite_and_an_absent_one_counts_as_zero([Values] bool inverse, [Values] bool shared)
    {
        using var kernels = TransformKernels.OfWidth<double>(512);
        using var x = TransformBlock<double>.Values(Rows, Features, TransformKernels.Normal(6, 1));
        using var parameters = Parameters<double>(shared);
        using var dy = TransformBlock<double>.Adjoints(Rows, Features, TransformKernels.Normal(7, 1));
        using var dlogDet = TransformBlock<double>.Adjoints(Rows, 1, TransformKernels.Normal(8, 1));
        using var written = shared ? TransformBlock<double>.Shared(2 * Features, _ => double.NaN) : TransformBlock<double>.Adjoints(Rows, 2 * Features, (_, _) => double.NaN);
        using var added = shared ? TransformBlock<double>.Shared(2 * Features, _ => 0) : TransformBlock<double>.Zeros(Rows, 2 * Features);
        using var dx = TransformBlock<double>.Zeros(Rows, Features);
        using var dxAdded = TransformBlock<double>.Zeros(Rows, Features);
        kernels.AffineAdjoint(inverse, 1e-3, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, written.Matrix, true);
        kernels.AffineAdjoint(inverse, 1e-3, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, default, dxAdded.Matrix, added.Matrix, false);
        kernels.AffineAdjoint(inverse, 1e-3, x.Matrix, parameters.Matrix, _order, default, default, dlogDet.Matrix, dxAdded.Matrix, added.Matrix, false);
        TransformGradients.CompareRelativeToLargest(added.ToArray(), written.ToArray(), 1e-13);
        TransformGradients.CompareRelativeToLargest(dxAdded.ToArray(), dx.ToArray(), 1e-13);
    }

    private static TransformBlock<T> Parameters<T>(bool shared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = TransformKernels.Normal(9, 1.5);
        return shared ? TransformBlock<T>.Shared(2 * Features, column => numbers(0, column)) : TransformBlock<T>.Values(Rows, 2 * Features, numbers);
    }

    private static (double[] Y, double[] LogDet) Apply<T>(Kernels<T> kernels, bool inverse, double slope, TransformBlock<T> x, TransformBlock<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var y = TransformBlock<T>.Zeros(Rows, Features);
        using var logDet = TransformBlock<T>.Zeros(Rows, 1);
        kernels.Affine(inverse, slope, x.Matrix, parameters.Matrix, _order, y.Matrix, logDet.Matrix);
        return (y.ToArray(), logDet.ToArray());
    }

    private static void EqualBits<T>(int bits, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var x = TransformBlock<T>.Values(Rows, Features, TransformKernels.Normal(10, 2));
        using var parameters = Parameters<T>(shared: false);
        using var dy = TransformBlock<T>.Adjoints(Rows, Features, TransformKernels.Normal(11, 1));
        using var dlogDet = TransformBlock<T>.Adjoints(Rows, 1, TransformKernels.Normal(12, 1));
        var results = new double[2][][];
        for (var i = 0; i < 2; i++)
        {
            using var kernels = TransformKernels.OfWidth<T>(i == 0 ? 0 : bits);
            using var dx = TransformBlock<T>.Zeros(Rows, Features);
            using var dparameters = TransformBlock<T>.Zeros(Rows, 2 * Features);
            var (y, logDet) = Apply(kernels, inverse, 1e-3, x, parameters);
            kernels.AffineAdjoint(inverse, 1e-3, x.Matrix, parameters.Matrix, _order, default, dy.Matrix, dlogDet.Matrix, dx.Matrix, dparameters.Matrix, false);
            results[i] = [y, logDet, dx.ToArray(), dparameters.ToArray()];
        }

        for (var part = 0; part < 4; part++)
            Assert.That(MemoryMarshal.AsBytes<double>(results[1][part]).SequenceEqual(MemoryMarshal.AsBytes<double>(results[0][part])), $"part {part} of {typeof(T).Name}");
    }
}
