using FlowCore.Distributions;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Linear;

/// <summary>Linear maps multiply by the matrix of their formula, with their parameters where other libraries keep them.</summary>
[TestFixture]
internal sealed class LinearFormulaTests
{
    [Test]
    public void Lu_in_one_matrix_is_the_lower_part_times_the_upper_one()
    {
        var layer = new LuMatrixLinear<double>(2, "l");
        layer.Parameters[0].Write([2, 3, 5, -7]);

        // L = [[2, 0], [5, −7]] and U = [[1, 3], [0, 1]].
        AssertMatrix(layer, [2, 6, 5, 8], Math.Log(14));
    }

    [Test]
    public void Lu_is_lower_times_upper_by_rows_of_entries()
    {
        var layer = new LuLinear<double>(3, "l", minimum: 0);
        layer.Parameters[1].Write([1, 2, 3]);
        layer.Parameters[2].Write([4, 5, 6]);
        var diagonal = new double[] { 7, 8, 9 };
        layer.Parameters[3].Write([.. diagonal.Select(value => Math.Log(Math.Exp(value) - 1))]);
        AssertMatrix(layer, Product([1, 0, 0, 1, 1, 0, 2, 3, 1], [7, 4, 5, 0, 8, 6, 0, 0, 9], 3), Math.Log(7 * 8 * 9));
    }

    [Test]
    public void Pivoted_lu_multiplies_rows_by_permutation_lower_and_upper()
    {
        // P has its ones in rows 2, 0 and 1 of the columns 0, 1 and 2.
        var layer = new PivotedLuLinear<double>([2, 0, 1], [false, true, false], "l");
        layer.Parameters[0].Write([9, 9, 9, 2, 9, 9, 3, 4, 9]);
        layer.Parameters[1].Write([9, 5, 6, 9, 9, 7, 9, 9, 9]);
        layer.Parameters[2].Write([0.1, 0.2, -0.3]);
        double[] p = [0, 1, 0, 0, 0, 1, 1, 0, 0];
        double[] upper = [Math.Exp(0.1), 5, 6, 0, -Math.Exp(0.2), 7, 0, 0, Math.Exp(-0.3)];
        var w = Product(Product(p, [1, 0, 0, 2, 1, 0, 3, 4, 1], 3), upper, 3);
        AssertMatrix(layer, Transposed(w, 3), 0);
    }

    [Test]
    public void Pivoted_lu_starts_at_an_orthogonal_matrix()
    {
        var stream = new RandomStream(5);
        var q = LinearParameters.Orthogonal(4, stream);
        AssertMatrix(PivotedLuLinear<double>.FromRotation(4, "l", stream), Transposed(q, 4), 0);
    }

    [Test]
    public void Qr_scales_and_shears_before_it_reflects()
    {
        var layer = new QrLinear<double>(2, 1, "l");
        layer.Parameters[1].Write([3]);
        layer.Parameters[2].Write([0.5, -0.2]);
        layer.Parameters[3].Write([0, 2]);

        // Q reflects the second feature.
        AssertMatrix(layer, [Math.Exp(0.5), 3, 0, -Math.Exp(-0.2)], 0.3);
    }

    [Test]
    public void Cholesky_is_lower_by_rows_of_entries_and_subtracts_first()
    {
        var layer = new CholeskyLinear<double>(3, "l");
        layer.Parameters[0].Write([10, 20, 30, 0.1, 0.2, 0.3, 4, 5, 6]);
        AssertMatrix(layer, [Math.Exp(0.1), 0, 0, 4, Math.Exp(0.2), 0, 5, 6, Math.Exp(0.3)], 0.6, [10, 20, 30]);
    }

    [Test]
    public void With_a_permutation_features_move_first()
    {
        var transform = LuLinear<double>.WithPermutation([1, 0], "l", minimum: 0);
        transform.Parameters[1].Write([3]);
        AssertMatrix(transform, [0, 1, 1, 3], 0);
        Assert.That(transform.Parameters[1].Name, Is.EqualTo("l.linear.lower_entries"));
    }

    [Test]
    public void Constants_out_of_range_are_refused()
    {
        Assert.That(() => new FixedAffine<double>([1, 0], [0, 0]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("0 came for feature 1"));
        Assert.That(() => new FixedAffine<double>([1], [0, 0]), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("shift"));
        Assert.That(() => new SvdLinear<double>(2, 3, "l"), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("reflections"));
        Assert.That(() => new LuLinear<double>(2, "l", minimum: 1), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("minimum"));
        Assert.That(() => new PivotedLuLinear<double>([0, 0], [false, false], "l"), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Sylvester<double>(2, 3, "l"), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("directions"));
        Assert.That(() => new Planar<double>(2, "l", slope: 0), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("slope"));
    }

    // Numbers of order ten, a few roundings each.
    private static void AssertMatrix(Transform<double> transform, double[] expected, double logDet, double[]? origin = null)
    {
        var n = transform.Features;
        using var flow = new Flow<double>(new StandardNormal<double>(n), transform);
        for (var j = 0; j < n; j++)
        {
            var (x, z, log) = (origin is null ? new double[n] : [.. origin], new double[n], new double[1]);
            x[j]++;
            flow.ToNoise(x, default(Conditions<double>), z, log);
            for (var i = 0; i < n; i++)
                Assert.That(z[i], Is.EqualTo(expected[(i * n) + j]).Within(1e-13), $"element ({i}, {j})");
            Assert.That(log[0], Is.EqualTo(logDet).Within(1e-14));
        }
    }

    private static double[] Product(double[] a, double[] b, int n)
    {
        var result = new double[n * n];
        SmallMatrix.Multiply(a, b, n, n, n, result);
        return result;
    }

    private static double[] Transposed(double[] a, int n)
    {
        var result = new double[n * n];
        SmallMatrix.Transpose(a, n, n, result);
        return result;
    }
}
