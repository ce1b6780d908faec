namespace Plotting;

/// <summary>
/// The ratio r = a / b of two histograms bin by bin, with σ_r² = σ_a²/b² + a² σ_b²/b⁴: the errors of both independent samples, to first order.
/// </summary>
/// <remarks>Immutable. Where the denominator is zero, value and error are NaN and nothing is drawn.</remarks>
public sealed class HistogramRatio
{
    private readonly double[] _edges;
    private readonly double[] _values;
    private readonly double[] _errors;

    private HistogramRatio(ReadOnlySpan<double> edges, double[] values, double[] errors)
    {
        _edges = edges.ToArray();
        _values = values;
        _errors = errors;
    }

    /// <summary>The bin edges.</summary>
    public ReadOnlySpan<double> Edges => _edges;

    /// <summary>a / b of each bin; NaN where b is zero.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The error of each ratio; NaN where b is zero.</summary>
    public ReadOnlySpan<double> Errors => _errors;

    /// <summary>The ratio of two independent samples.</summary>
    /// <param name="numerator">a, with its errors.</param>
    /// <param name="denominator">b, with its errors; the same bin edges.</param>
    /// <returns>The ratio.</returns>
    /// <exception cref="ArgumentException">The bin edges differ.</exception>
    public static HistogramRatio Of(Histogram1D numerator, Histogram1D denominator)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        if (!numerator.Edges.SequenceEqual(denominator.Edges))
            throw new ArgumentException("The two histograms of a ratio must have the same bin edges.", nameof(denominator));
        return Make(numerator, denominator.Contents, denominator.Variances);
    }

    /// <summary>The ratio of a sample to an exact expectation, which has no error of its own.</summary>
    /// <param name="numerator">a, with its errors.</param>
    /// <param name="expectation">b, one number per bin (see <see cref="Histogram1D.Expected"/>).</param>
    /// <returns>The ratio.</returns>
    /// <exception cref="ArgumentException">The number of expectations is not the number of bins.</exception>
    public static HistogramRatio Of(Histogram1D numerator, ReadOnlySpan<double> expectation)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        if (expectation.Length != numerator.Bins)
            throw new ArgumentException($"There must be one expectation per bin, but there are {expectation.Length} for {numerator.Bins} bins.", nameof(expectation));
        return Make(numerator, expectation, new double[expectation.Length]);
    }

    private static HistogramRatio Make(Histogram1D numerator, ReadOnlySpan<double> b, ReadOnlySpan<double> varB)
    {
        var values = new double[b.Length];
        var errors = new double[b.Length];
        for (var i = 0; i < b.Length; i++)
        {
            var r = b[i] != 0 ? numerator.Contents[i] / b[i] : double.NaN;
            values[i] = r;
            errors[i] = Math.Sqrt(numerator.Variances[i] + r * r * varB[i]) / Math.Abs(b[i]);
            if (!double.IsFinite(r))
                values[i] = errors[i] = double.NaN;
        }
        return new HistogramRatio(numerator.Edges, values, errors);
    }
}
