namespace FlowCore.Distributions;

/// <summary>The measure of densities of images: bits that a code for the discrete data needs for each of their numbers.</summary>
/// <remarks>
/// −ln p / (D ln 2) + log₂ n for data of n levels, dequantised with uniform noise and scaled to [0, 1]: Theis, van den Oord and Bethge 2016, "A note on the evaluation of generative
/// models", section 3.1. It is an upper bound of the code's length.
/// </remarks>
public static class BitsPerDimension
{
    /// <summary>The bits.</summary>
    /// <param name="logDensity">ln p of the scaled data, of one row or its mean, in nats.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="levels">n, at least 1; 256 for bytes.</param>
    /// <returns>Bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public static double Of(double logDensity, int features, int levels = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        return (-logDensity / (features * Math.Log(2))) + Math.Log2(levels);
    }
}
