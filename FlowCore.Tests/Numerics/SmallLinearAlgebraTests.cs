using FlowCore.Numerics;
using NUnit.Framework;

namespace FlowCore.Tests.Numerics;

/// <summary>The host's small linear algebra against identities and known results.</summary>
[TestFixture]
public sealed class SmallLinearAlgebraTests
{
    // Numbers of size 1, sums of up to 32 of them, condition numbers of up to some hundred.
    private const double Tolerance = 1e-11;

    private static readonly int[] _sizes = [1, 2, 3, 8, 32];

    [TestCaseSource(nameof(_sizes))]
    public void Factors_of_an_LU_decomposition_multiply_to_the_permuted_matrix(int n)
    {
        var a = Random(n, n, 1);
        var factors = (double[])a.Clone();
        var pivots = new int[n];
        Assert.That(LuDecomposition.Factor(factors, n, pivots), Is.EqualTo(-1));
        var lower = new double[n * n];
        var upper = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                lower[(i * n) + j] = i == j ? 1 : i > j ? factors[(i * n) + j] : 0;
                upper[(i * n) + j] = i <= j ? factors[(i * n) + j] : 0;
                Assert.That(Math.Abs(lower[(i * n) + j]), Is.LessThanOrEqualTo(1), "the pivot is the largest");
            }
        }

        var permuted = (double[])a.Clone();
        for (var k = 0; k < n; k++)
        {
            for (var j = 0; j < n; j++)
                (permuted[(k * n) + j], permuted[(pivots[k] * n) + j]) = (permuted[(pivots[k] * n) + j], permuted[(k * n) + j]);
        }

        Assert.That(Product(lower, upper, n, n, n), Is.EqualTo(permuted).Within(Tolerance));
    }

    [TestCaseSource(nameof(_sizes))]
    public void Solutions_of_systems_solve_them(int n)
    {
        var a = Random(n, n, 2);
        var x = Random(n, 3, 3);
        var factors = (double[])a.Clone();
        var pivots = new int[n];
        LuDecomposition.Factor(factors, n, pivots);
        var solved = Product(a, x, n, n, 3);
        LuDecomposition.Solve(factors, n, pivots, solved, 3);
        Assert.That(solved, Is.EqualTo(x).Within(Tolerance));
        solved = Product(Transposed(a, n, n), x, n, n, 3);
        LuDecomposition.SolveTransposed(factors, n, pivots, solved, 3);
        Assert.That(solved, Is.EqualTo(x).Within(Tolerance));
    }

    [Test]
    public void A_determinant_has_its_sign_and_does_not_underflow()
    {
        Assert.That(LogDeterminant([0, 2, 3, 0], 2, out var sign), Is.EqualTo(Math.Log(6)).Within(1e-15));
        Assert.That(sign, Is.EqualTo(-1));
        Assert.That(LogDeterminant([-1e-300, 0, 0, -1e-300], 2, out sign), Is.EqualTo(-600 * Math.Log(10)).Within(1e-10));
        Assert.That(sign, Is.EqualTo(1));
    }

    [TestCase(new double[] { 1, 2, 2, 4 }, 1)]
    [TestCase(new double[] { 0, 0, 0, 1 }, 0)]
    [TestCase(new double[] { 1, 0, 0, double.NaN }, 1)]
    [TestCase(new double[] { double.PositiveInfinity, 0, 0, 1 }, 0)]
    public void A_matrix_without_a_pivot_says_in_which_step(double[] matrix, int step) =>
        Assert.That(LuDecomposition.Factor(matrix, 2, new int[2]), Is.EqualTo(step));

    [TestCaseSource(nameof(_sizes))]
    public void A_Cholesky_factor_times_its_transpose_is_the_matrix(int n)
    {
        var a = PositiveDefinite(n);
        var lower = (double[])a.Clone();
        Assert.That(CholeskyDecomposition.Factor(lower, n), Is.True);
        Assert.That(Product(lower, Transposed(lower, n, n), n, n, n), Is.EqualTo(a).Within(Tolerance * n));
        Assert.That(CholeskyDecomposition.Factor([1, 2, 2, 1], 2), Is.False, "its determinant is −3");
        Assert.That(CholeskyDecomposition.Factor([double.NaN], 1), Is.False);
    }

    [TestCase(1, 1)]
    [TestCase(5, 3)]
    [TestCase(32, 32)]
    public void A_QR_decomposition_has_orthonormal_columns_and_multiplies_to_the_matrix(int n, int m)
    {
        var a = Random(n, m, 4);
        var q = new double[n * m];
        var r = new double[m * m];
        QrDecomposition.Factor((double[])a.Clone(), n, m, q, r);
        var identity = new double[m * m];
        SmallMatrix.Identity(m, identity);
        Assert.That(Product(Transposed(q, n, m), q, m, n, m), Is.EqualTo(identity).Within(Tolerance));
        Assert.That(Product(q, r, n, m, m), Is.EqualTo(a).Within(Tolerance));
        for (var i = 0; i < m; i++)
        {
            Assert.That(r[(i * m) + i], Is.GreaterThan(0));
            for (var j = 0; j < i; j++)
                Assert.That(r[(i * m) + j], Is.Zero);
        }
    }

    [TestCaseSource(nameof(_sizes))]
    public void Eigenvalues_fall_and_eigenvectors_are_orthonormal_and_rebuild_the_matrix(int n)
    {
        var a = PositiveDefinite(n);
        var values = new double[n];
        var vectors = new double[n * n];
        SymmetricEigenvalues.Decompose((double[])a.Clone(), n, values, vectors);
        Assert.That(values, Is.Ordered.Descending);
        var scaled = (double[])vectors.Clone();
        for (var i = 0; i < n * n; i++)
            scaled[i] *= values[i % n];
        Assert.That(Product(scaled, Transposed(vectors, n, n), n, n, n), Is.EqualTo(a).Within(Tolerance * n));
        var identity = new double[n * n];
        SmallMatrix.Identity(n, identity);
        Assert.That(Product(Transposed(vectors, n, n), vectors, n, n, n), Is.EqualTo(identity).Within(Tolerance));
    }

    [Test]
    public void Eigenvalues_of_known_matrices_are_known()
    {
        Assert.That(Eigenvalues([2, 1, 1, 2], 2), Is.EqualTo(new[] { 3.0, 1 }).Within(1e-15));
        Assert.That(Eigenvalues([1, 1, 1, 1, 1, 1, 1, 1, 1], 3), Is.EqualTo(new[] { 3.0, 0, 0 }).Within(1e-15), "rank 1");
        Assert.That(Eigenvalues(new double[9], 3), Is.EqualTo(new double[3]));
        Assert.That(() => Eigenvalues([1, double.NaN, double.NaN, 1], 2), Throws.InstanceOf<ArithmeticException>());
    }

    [TestCase(0.0)]
    [TestCase(0.3)]
    [TestCase(10.0)]
    [TestCase(-700.0)]
    public void The_exponential_of_a_rotation_s_generator_is_the_rotation(double angle)
    {
        // The error of sine and cosine is the angle's rounding.
        Assert.That(
            Exponential([0, -angle, angle, 0], 2),
            Is.EqualTo(new[] { Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle) }).Within(1e-14 * Math.Max(1, Math.Abs(angle))));
    }

    [Test]
    public void Exponentials_of_diagonal_and_nilpotent_matrices_are_known()
    {
        // Squaring doubles the relative error: ‖A‖ = 20 roundings of e.
        Assert.That(Exponential([1, 0, 0, -20], 2), Is.EqualTo(new[] { Math.E, 0, 0, Math.Exp(-20) }).Within(20 * 2.3e-16 * Math.E * 2));
        Assert.That(Exponential([0, 3, 5, 0, 0, 2, 0, 0, 0], 3), Is.EqualTo(new[] { 1.0, 3, 8, 0, 1, 2, 0, 0, 1 }).Within(1e-13));
        Assert.That(Exponential([double.NaN], 1), Is.EqualTo(new[] { double.NaN }));
    }

    [TestCaseSource(nameof(_sizes))]
    public void An_exponential_times_that_of_minus_the_matrix_is_the_identity(int n)
    {
        var a = Random(n, n, 5);
        var identity = new double[n * n];
        SmallMatrix.Identity(n, identity);

        // e^‖A‖ e^‖A‖ roundings at most; ‖A‖ is near √n here.
        var tolerance = 1e-14 * Math.Exp(2.5 * Math.Sqrt(n));
        Assert.That(Product(Exponential(a, n), Exponential(Array.ConvertAll(a, x => -x), n), n, n, n), Is.EqualTo(identity).Within(tolerance));
    }

    [TestCaseSource(nameof(_sizes))]
    public void The_exponential_s_derivative_is_that_of_differences(int n)
    {
        var a = Array.ConvertAll(Random(n, n, 6), x => x / Math.Sqrt(n));
        var direction = Random(n, n, 7);
        const double h = 1e-3;
        double[] At(double t) => Exponential(a.Zip(direction, (x, d) => x + (t * d)).ToArray(), n);
        var (ahead, behind, farAhead, farBehind) = (At(h), At(-h), At(2 * h), At(-2 * h));
        var expected = new double[n * n];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = ((8 * (ahead[i] - behind[i])) - (farAhead[i] - farBehind[i])) / (12 * h);
        var derivative = new double[n * n];
        MatrixExponential.Derivative(a, direction, n, derivative, new double[2 * n * n], new double[MatrixExponential.WorkLength(n)]);

        // h⁴ times a fifth derivative of up to ‖E‖⁵, and 10⁻¹⁵ / h.
        Assert.That(derivative, Is.EqualTo(expected).Within(1e-12 * Math.Pow(2 * Math.Sqrt(n), 5)));
    }

    [Test]
    public void Reflections_reverse_their_vectors_and_undo_each_other()
    {
        var vectors = Random(3, 4, 8);
        var product = new double[16];
        HouseholderProduct.Multiply(vectors.AsSpan(0, 4), 1, 4, reversed: false, product, new double[4]);
        Assert.That(Product(product, vectors.AsSpan(0, 4).ToArray(), 4, 4, 1), Is.EqualTo(vectors.AsSpan(0, 4).ToArray().Select(x => -x)).Within(1e-15));
        var back = new double[16];
        HouseholderProduct.Multiply(vectors, 3, 4, reversed: false, product, new double[4]);
        HouseholderProduct.Multiply(vectors, 3, 4, reversed: true, back, new double[4]);
        var identity = new double[16];
        SmallMatrix.Identity(4, identity);
        Assert.That(Product(product, back, 4, 4, 4), Is.EqualTo(identity).Within(1e-14));
    }

    private static double[] Product(double[] a, double[] b, int n, int k, int m)
    {
        var result = new double[n * m];
        SmallMatrix.Multiply(a, b, n, k, m, result);
        return result;
    }

    private static double[] Transposed(double[] a, int n, int m)
    {
        var result = new double[n * m];
        SmallMatrix.Transpose(a, n, m, result);
        return result;
    }

    private static double[] PositiveDefinite(int n)
    {
        var a = Random(n, n, 9);
        var product = Product(a, Transposed(a, n, n), n, n, n);
        for (var i = 0; i < n; i++)
            product[(i * n) + i] += 0.5;
        return product;
    }

    private static double LogDeterminant(double[] a, int n, out int sign)
    {
        var pivots = new int[n];
        LuDecomposition.Factor(a, n, pivots);
        return LuDecomposition.LogAbsDeterminant(a, n, pivots, out sign);
    }

    private static double[] Eigenvalues(double[] a, int n)
    {
        var values = new double[n];
        SymmetricEigenvalues.Decompose(a, n, values, new double[n * n]);
        return values;
    }

    private static double[] Exponential(double[] a, int n)
    {
        var result = new double[n * n];
        MatrixExponential.Exponential(a, n, result, new double[MatrixExponential.WorkLength(n)]);
        return result;
    }

    private static double[] Random(int n, int m, int seed)
    {
        var random = new System.Random(seed);
        var numbers = new double[n * m];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (2 * random.NextDouble()) - 1;
        return numbers;
    }
}
