using System.Numerics;

namespace FlowCore.Numerics;

/// <summary>Mean and covariance of rows of numbers, in double precision.</summary>
internal static class DataMoments
{
    /// <summary>The mean of each feature.</summary>
    /// <param name="rows">Row-major [n, features].</param>
    /// <param name="features">How many columns.</param>
    /// <exception cref="ArgumentException">There is no whole row, or a number is not finite.</exception>
    internal static double[] Mean<T>(ReadOnlySpan<T> rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.IsEmpty || rows.Length % features != 0)
            throw new ArgumentException($"Expected rows of {features} numbers; {rows.Length} numbers came.", nameof(rows));
        var mean = new double[features];
        for (var i = 0; i < rows.Length; i++)
            mean[i % features] += double.CreateTruncating(rows[i]);
        for (var j = 0; j < features; j++)
        {
            mean[j] /= rows.Length / features;
            if (!double.IsFinite(mean[j]))
                throw new ArgumentException($"Expected finite numbers; column {j} has others.", nameof(rows));
        }

        return mean;
    }

    /// <summary>The least and the greatest number of each feature.</summary>
    /// <param name="rows">Row-major [n, features].</param>
    /// <param name="features">How many columns.</param>
    /// <exception cref="ArgumentException">There is no whole row, or a number is not finite.</exception>
    internal static (double[] Least, double[] Greatest) Range<T>(ReadOnlySpan<T> rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Sees to the checks as well.
        _ = Mean(rows, features);
        var (least, greatest) = (new double[features], new double[features]);
        Array.Fill(least, double.PositiveInfinity);
        Array.Fill(greatest, double.NegativeInfinity);
        for (var i = 0; i < rows.Length; i++)
        {
            var (value, j) = (double.CreateTruncating(rows[i]), i % features);
            least[j] = Math.Min(least[j], value);
            greatest[j] = Math.Max(greatest[j], value);
        }

        return (least, greatest);
    }

    /// <summary>Σ (x − mean)² of each feature, divided by n − 1, or by 1 for one row.</summary>
    internal static double[] Variance<T>(ReadOnlySpan<T> rows, ReadOnlySpan<double> mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = mean.Length;
        var variance = new double[features];
        for (var i = 0; i < rows.Length; i++)
        {
            var deviation = double.CreateTruncating(rows[i]) - mean[i % features];
            variance[i % features] += deviation * deviation;
        }

        for (var j = 0; j < features; j++)
            variance[j] /= Math.Max((rows.Length / features) - 1, 1);
        return variance;
    }

    /// <summary>
    /// Whether numbers differ by no more than the roundings that made them: the last digits of a computed constant are no scale. Where they were taken for
    /// one, a feature that is 0.1 in every row would be divided by 10⁻¹⁷.
    /// </summary>
    /// <param name="least">The smallest number.</param>
    /// <param name="greatest">The largest number.</param>
    /// <param name="epsilon">The distance from 1 to the next number of the type that they come from.</param>
    internal static bool IsConstant(double least, double greatest, double epsilon) =>
        greatest - least <= 4 * epsilon * Math.Max(Math.Abs(least), Math.Abs(greatest));

    /// <summary>Whether each column is constant within its roundings.</summary>
    /// <param name="rows">Row-major [n, features], at least one row.</param>
    /// <param name="features">How many columns.</param>
    internal static bool[] Constants<T>(ReadOnlySpan<T> rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        var constant = new bool[features];
        for (var j = 0; j < features; j++)
        {
            var (least, greatest) = (rows[j], rows[j]);
            for (var i = j; i < rows.Length; i += features)
                (least, greatest) = (T.Min(least, rows[i]), T.Max(greatest, rows[i]));
            constant[j] = IsConstant(double.CreateTruncating(least), double.CreateTruncating(greatest), epsilon);
        }

        return constant;
    }

    /// <summary>The covariance around a mean, divided by n: what maximises the likelihood of a normal distribution.</summary>
    internal static double[] Covariance<T>(ReadOnlySpan<T> rows, ReadOnlySpan<double> mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = mean.Length;
        var count = rows.Length / features;
        var covariance = new double[features * features];
        for (var row = 0; row < count; row++)
        {
            for (var i = 0; i < features; i++)
            {
                var first = double.CreateTruncating(rows[(row * features) + i]) - mean[i];
                for (var j = 0; j <= i; j++)
                    covariance[(i * features) + j] += first * (double.CreateTruncating(rows[(row * features) + j]) - mean[j]);
            }
        }

        for (var i = 0; i < features; i++)
        {
            for (var j = 0; j <= i; j++)
                covariance[(j * features) + i] = covariance[(i * features) + j] /= count;
        }

        return covariance;
    }

    /// <summary>The mean of the rows, and the lower triangle whose product with its transpose is their covariance.</summary>
    /// <exception cref="ArgumentException">The features of the rows depend on each other, or there are too few rows.</exception>
    internal static (double[] Mean, double[] Factor) MeanAndFactor<T>(ReadOnlySpan<T> rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mean = Mean(rows, features);
        var constant = Array.IndexOf(Constants(rows, features), true);
        if (constant >= 0)
            throw new ArgumentException($"Expected rows with a covariance of full rank; feature {constant} is the same in all {rows.Length / features} rows.", nameof(rows));
        var factor = Covariance(rows, mean);
        return CholeskyDecomposition.Factor(factor, features)
            ? (mean, factor)
            : throw new ArgumentException(
                $"Expected rows with a covariance of full rank; a feature of these {rows.Length / features} rows is a linear function of others.", nameof(rows));
    }
}
