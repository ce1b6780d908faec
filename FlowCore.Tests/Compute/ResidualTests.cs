using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

public sealed class ResidualTests
{
    private const int Rows = 45;
    private const int Features = 2;

    // Dampings of order one, so that every term counts in the tests.
    private static readonly ResidualSettings _settings = new([0.5, -1, 0], [2, 0.5, 1], [(0, 1), (1, 2)], 0.3, 0.4);
    private static readonly ResidualSettings _negative = new([0.5, -1, 0], [2, 0.5, 1], [(0, 1), (1, 2)], 0.3, 0.4, -1);

    [Test]
    public void Every_register_width_gives_the_bits_of_the_scalar_reference([Values(128, 256, 512)] int bits, [Values] bool inverse)
    {
        EqualBits<float>(bits, inverse);
        EqualBits<double>(bits, inverse);
    }

    [Test]
    public void Values_are_those_of_the_definition([Values] bool shared, [Values] bool inverse, [Values] bool negative)
    {
        using var set = new Operands<double>(negative ? _negative : _settings, shared);
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = set.Apply(kernels, inverse);
        for (var row = 0; row < Rows; row++)
        {
            var sum = 0.0;
            for (var feature = 0; feature < Features; feature++)
            {
                var (s, t) = Polynomials(set, row, feature);
                var x = set.X[row, feature];
                sum += s;

                // A few roundings of s, t and the product, each relative to the size of what is multiplied.
                var expected = inverse ? (x - t) * Math.Exp(-s) : (x * Math.Exp(s)) + t;
                Assert.That(y[(row * Features) + feature], Is.EqualTo(expected).Within(1e-14 * Math.Exp(Math.Abs(s)) * (1 + Math.Abs(x) + Math.Abs(t))));
            }

            Assert.That(logDet[row], Is.EqualTo(inverse != negative ? -sum : sum).Within(1e-13));
        }
    }

    [Test]
    public void At_the_central_nuisances_the_result_has_the_bits_of_the_argument([Values] bool inverse, [Values] bool shared, [Values(0, 128, 256, 512)] int bits)
    {
        double[] special = [0.0, -0.0, 1.5, -1e-300, double.Epsilon, -double.Epsilon, double.MaxValue, double.NegativeInfinity, 1 / 3.0];
        using var set = new Operands<double>(_settings, shared, central: true);
        for (var row = 0; row < Rows; row++)
        {
            for (var feature = 0; feature < Features; feature++)
                set.X[row, feature] = special[(row + feature) % special.Length];
        }

        using var kernels = TransformKernels.OfWidth<double>(bits);
        var (y, logDet) = set.Apply(kernels, inverse);
        for (var i = 0; i < y.Length; i++)
            Assert.That(BitConverter.DoubleToInt64Bits(y[i]), Is.EqualTo(BitConverter.DoubleToInt64Bits(set.X[i / Features, i % Features])));
        Assert.That(logDet, Is.All.Zero);
    }

    [Test]
    public void The_inverse_undoes_the_forward_direction([Values] bool shared)
    {
        using var set = new Operands<double>(_settings, shared);
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = set.Apply(kernels, inverse: false);
        var original = set.X.ToArray();
        for (var i = 0; i < y.Length; i++)
            set.X[i / Features, i % Features] = y[i];
        var (back, backLogDet) = set.Apply(kernels, inverse: true);
        for (var i = 0; i < y.Length; i++)
        {
            // The shift, up to about 10, is rounded in and comes back divided by e^s, at least e^-8.
            Assert.That(back[i], Is.EqualTo(original[i]).Within(1e-11));
        }

        for (var row = 0; row < Rows; row++)
            Assert.That(backLogDet[row], Is.EqualTo(-logDet[row]));
    }

    [Test]
    public void Gradients_equal_central_differences([Values] bool shared, [Values] bool inverse, [Values] bool negative, [Values(0, 512)] int bits)
    {
        using var set = new Operands<double>(negative ? _negative : _settings, shared);
        using var adjoints = new Adjoints<double>(set, 0);
        using var kernels = TransformKernels.OfWidth<double>(bits);
        using var y = TransformBlock<double>.Zeros(Rows, Features);
        using var logDet = TransformBlock<double>.Zeros(Rows, 1);
        adjoints.Apply(kernels, inverse, adjoints.Dy.Matrix, adjoints.DlogDet.Matrix, overwrite: false);

        double[] Loss()
        {
            kernels.Residual(inverse, set.Settings, set.X.Matrix, set.Nuisances.Matrix, set.Matrices, y.Matrix, logDet.Matrix);
            return TransformGradients.Loss(y, logDet, adjoints.Dy, adjoints.DlogDet);
        }

        TransformGradients.CompareWithDifferences(set.X, adjoints.Dx, Loss);
        TransformGradients.CompareWithDifferences(set.Nuisances, adjoints.Dnuisances, Loss);
        for (var i = 0; i < set.Coefficients.Length; i++)
            TransformGradients.CompareWithDifferences(set.Coefficients[i], adjoints.Dcoefficients[i], Loss);
    }

    [Test]
    public void Adjoints_add_unless_told_to_overwrite_and_an_absent_one_counts_as_zero([Values] bool inverse)
    {
        using var set = new Operands<double>(_settings, shared: false);
        using var written = new Adjoints<double>(set, double.NaN);
        using var added = new Adjoints<double>(set, 0);
        using var kernels = TransformKernels.OfWidth<double>(512);
        written.Apply(kernels, inverse, written.Dy.Matrix, written.DlogDet.Matrix, overwrite: true);
        added.Apply(kernels, inverse, added.Dy.Matrix, default, overwrite: false);
        added.Apply(kernels, inverse, default, added.DlogDet.Matrix, overwrite: false);
        TransformGradients.CompareRelativeToLargest(added.Dx.ToArray(), written.Dx.ToArray(), 1e-13);
        TransformGradients.CompareRelativeToLargest(added.Dnuisances.ToArray(), written.Dnuisances.ToArray(), 1e-13);
        for (var i = 0; i < set.Coefficients.Length; i++)
            TransformGradients.CompareRelativeToLargest(added.Dcoefficients[i].ToArray(), written.Dcoefficients[i].ToArray(), 1e-13);
    }

    [Test]
    public void Slices_of_one_feature_give_its_part_of_the_whole([Values] bool inverse)
    {
        using var set = new Operands<double>(_settings, shared: false);
        using var kernels = TransformKernels.OfWidth<double>(512);
        var (y, logDet) = set.Apply(kernels, inverse);
        var sum = new double[Rows];
        for (var feature = 0; feature < Features; feature++)
        {
            using var part = TransformBlock<double>.Zeros(Rows, Features);
            using var partLogDet = TransformBlock<double>.Adjoints(Rows, 1, (_, _) => double.NaN);
            var matrices = new Matrix<double>[set.Matrices.Length];
            for (var i = 0; i < matrices.Length; i++)
            {
                var columns = set.Matrices[i].Columns / Features;
                matrices[i] = set.Matrices[i].Slice(feature * columns, columns);
            }

            kernels.Residual(
                inverse, _settings, set.X.Matrix.Slice(feature, 1), set.Nuisances.Matrix, matrices, part.Matrix.Slice(feature, 1), partLogDet.Matrix);
            for (var row = 0; row < Rows; row++)
            {
                Assert.That(part[row, feature], Is.EqualTo(y[(row * Features) + feature]));
                sum[row] += partLogDet[row, 0];
            }
        }

        for (var row = 0; row < Rows; row++)
            Assert.That(logDet[row], Is.EqualTo(sum[row]).Within(1e-14));
    }

    private static (double LogScale, double Shift) Polynomials(Operands<double> set, int row, int feature)
    {
        var settings = set.Settings;
        var values = new double[settings.Nuisances];
        var (s, t) = (0.0, 0.0);
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = (set.Nuisances[set.Nuisances.Matrix.IsBlock ? row : 0, k] - settings.Central[k]) / settings.Scales[k];
            var square = settings.QuadraticDamping * values[k] * values[k];
            var c = set.Coefficients[k];
            s += (c[row, 4 * feature] * values[k]) + (c[row, (4 * feature) + 1] * square);
            t += (c[row, (4 * feature) + 2] * values[k]) + (c[row, (4 * feature) + 3] * square);
        }

        for (var p = 0; p < settings.CrossTerms.Count; p++)
        {
            var (first, second) = settings.CrossTerms[p];
            var product = settings.CrossTermDamping * values[first] * values[second];
            var c = set.Coefficients[settings.Nuisances + p];
            s += c[row, 2 * feature] * product;
            t += c[row, (2 * feature) + 1] * product;
        }

        return (s, t);
    }

    private static void EqualBits<T>(int bits, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var results = new double[2][][];
        for (var i = 0; i < 2; i++)
        {
            using var set = new Operands<T>(_settings, shared: false);
            using var adjoints = new Adjoints<T>(set, 0);
            using var kernels = TransformKernels.OfWidth<T>(i == 0 ? 0 : bits);
            var (y, logDet) = set.Apply(kernels, inverse);
            adjoints.Apply(kernels, inverse, adjoints.Dy.Matrix, adjoints.DlogDet.Matrix, overwrite: false);
            results[i] = [y, logDet, adjoints.Dx.ToArray(), adjoints.Dnuisances.ToArray(), .. adjoints.Dcoefficients.Select(matrix => matrix.ToArray())];
        }

        for (var part = 0; part < results[0].Length; part++)
            Assert.That(MemoryMarshal.AsBytes<double>(results[1][part]).SequenceEqual(MemoryMarshal.AsBytes<double>(results[0][part])), $"part {part} of {typeof(T).Name}");
    }

    // The operands of a call, the same numbers each time.
    private sealed class Operands<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Operands(ResidualSettings settings, bool shared, bool central = false)
        {
            Settings = settings;
            var numbers = TransformKernels.Normal(1, 1);
            X = TransformBlock<T>.Values(Rows, Features, TransformKernels.Normal(2, 2));
            Nuisances = shared
                ? TransformBlock<T>.Shared(settings.Nuisances, k => central ? settings.Central[k] : numbers(0, k))
                : TransformBlock<T>.Values(Rows, settings.Nuisances, (row, k) => central ? settings.Central[k] : numbers(row, k));
            var coefficients = TransformKernels.Normal(3, 0.3);
            Coefficients = new TransformBlock<T>[settings.Nuisances + settings.CrossTerms.Count];
            for (var i = 0; i < Coefficients.Length; i++)
                Coefficients[i] = TransformBlock<T>.Values(Rows, (i < settings.Nuisances ? 4 : 2) * Features, coefficients);
            Matrices = Array.ConvertAll(Coefficients, block => block.Matrix);
        }

        public ResidualSettings Settings { get; }

        public TransformBlock<T> X { get; }

        public TransformBlock<T> Nuisances { get; }

        public TransformBlock<T>[] Coefficients { get; }

        public Matrix<T>[] Matrices { get; }

        public (double[] Y, double[] LogDet) Apply(Kernels<T> kernels, bool inverse)
        {
            using var y = TransformBlock<T>.Zeros(Rows, Features);
            using var logDet = TransformBlock<T>.Zeros(Rows, 1);
            kernels.Residual(inverse, Settings, X.Matrix, Nuisances.Matrix, Matrices, y.Matrix, logDet.Matrix);
            return (y.ToArray(), logDet.ToArray());
        }

        public void Dispose()
        {
            X.Dispose();
            Nuisances.Dispose();
            foreach (var block in Coefficients)
                block.Dispose();
        }
    }

    private sealed class Adjoints<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Operands<T> _operands;

        public Adjoints(Operands<T> operands, double initialCoefficients)
        {
            _operands = operands;
            var nuisances = operands.Settings.Nuisances;
            Dnuisances = operands.Nuisances.Matrix.IsBlock ? TransformBlock<T>.Zeros(Rows, nuisances) : TransformBlock<T>.Shared(nuisances, _ => 0);
            Dcoefficients = Array.ConvertAll(
                operands.Coefficients, block => TransformBlock<T>.Adjoints(Rows, block.Matrix.Columns, (_, _) => initialCoefficients));
        }

        public TransformBlock<T> Dy { get; } = TransformBlock<T>.Adjoints(Rows, Features, TransformKernels.Normal(4, 1));

        public TransformBlock<T> DlogDet { get; } = TransformBlock<T>.Adjoints(Rows, 1, TransformKernels.Normal(5, 1));

        public TransformBlock<T> Dx { get; } = TransformBlock<T>.Zeros(Rows, Features);

        public TransformBlock<T> Dnuisances { get; }

        public TransformBlock<T>[] Dcoefficients { get; }

        public void Apply(Kernels<T> kernels, bool inverse, in Matrix<T> dy, in Matrix<T> dlogDet, bool overwrite) =>
            kernels.ResidualAdjoint(
                inverse, _operands.Settings, _operands.X.Matrix, _operands.Nuisances.Matrix, _operands.Matrices, default, dy, dlogDet,
                Dx.Matrix, Dnuisances.Matrix, Array.ConvertAll(Dcoefficients, block => block.Matrix), overwrite);

        public void Dispose()
        {
            Dy.Dispose();
            DlogDet.Dispose();
            Dx.Dispose();
            Dnuisances.Dispose();
            foreach (var block in Dcoefficients)
                block.Dispose();
        }
    }
}
