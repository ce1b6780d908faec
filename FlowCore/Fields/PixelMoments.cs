using System.Numerics;

namespace FlowCore.Fields;

/// <summary>What the pixels of fields are like one by one: their distribution whatever their places.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">The variance, divided by n.</param>
/// <param name="Skewness">The third central moment over that of the deviation, 0 for a Gaussian.</param>
/// <param name="Kurtosis">The fourth central moment over that of the deviation, less 3: 0 for a Gaussian.</param>
public sealed record PixelMoments(double Mean, double Variance, double Skewness, double Kurtosis)
{
    /// <summary>The moments of pixels.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="pixels">The numbers, at least one.</param>
    /// <returns>The moments; skewness and kurtosis are NaN where all numbers are equal.</returns>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static PixelMoments Of<T>(ReadOnlySpan<T> pixels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (pixels.IsEmpty)
            throw new ArgumentException("Expected at least one pixel, got none.", nameof(pixels));
        var mean = 0.0;
        foreach (var pixel in pixels)
            mean += double.CreateTruncating(pixel);
        mean /= pixels.Length;
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var pixel in pixels)
        {
            var deviation = double.CreateTruncating(pixel) - mean;
            var square = deviation * deviation;
            second += square;
            third += square * deviation;
            fourth += square * square;
        }

        (second, third, fourth) = (second / pixels.Length, third / pixels.Length, fourth / pixels.Length);
        return new PixelMoments(mean, second, third / (second * Math.Sqrt(second)), (fourth / (second * second)) - 3);
    }

    /// <summary>The one-point histogram: the density of the pixels in bins of equal width.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="pixels">The numbers, at least one.</param>
    /// <param name="low">Where the first bin begins.</param>
    /// <param name="high">Where the last bin ends, above <paramref name="low"/>.</param>
    /// <param name="bins">How many bins, at least 1.</param>
    /// <returns>The share of all pixels in each bin over its width; pixels outside count in the total.</returns>
    /// <exception cref="ArgumentException">There is no number, or the bins are none.</exception>
    public static double[] Histogram<T>(ReadOnlySpan<T> pixels, double low, double high, int bins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (pixels.IsEmpty)
            throw new ArgumentException("Expected at least one pixel, got none.", nameof(pixels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (!(high > low))
            throw new ArgumentException($"Expected bins that end above {low}, got {high}.", nameof(high));
        var (density, width) = (new double[bins], (high - low) / bins);
        foreach (var pixel in pixels)
        {
            var place = Math.Floor((double.CreateTruncating(pixel) - low) / width);
            if (place >= 0 && place < bins)
                density[(int)place] += 1 / (width * pixels.Length);
        }

        return density;
    }
}
