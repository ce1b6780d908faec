namespace Plotting;

/// <summary>
/// A one-dimensional histogram of weighted events: the sum of weights and the sum of squared weights of every bin.
/// </summary>
/// <remarks>
/// Bin i is [Edges[i], Edges[i + 1]); the last bin includes its upper edge. The variance of a bin is Σw², which for unit weights is the
/// Poisson variance. Not safe for concurrent filling; safe for concurrent reading.
/// </remarks>
public sealed class Histogram1D
{
    private readonly double[] _edges;
    private readonly double[] _contents;
    private readonly double[] _variances;
    private readonly bool _uniform;

    /// <summary>Makes an empty histogram of equal bins.</summary>
    /// <param name="bins">Number of bins, 1 to 1,000,000.</param>
    /// <param name="min">Lower edge of the first bin; finite.</param>
    /// <param name="max">Upper edge of the last bin; finite and above <paramref name="min"/>.</param>
    /// <exception cref="ArgumentException">The bin count or the range is out of bounds.</exception>
    public Histogram1D(int bins, double min, double max)
        : this(UniformEdges(bins, min, max), uniform: true)
    {
    }

    /// <summary>Makes an empty histogram with the given bin edges.</summary>
    /// <param name="edges">At least two finite, strictly ascending edges.</param>
    /// <exception cref="ArgumentException">The edges are too few, not finite or not ascending.</exception>
    public Histogram1D(ReadOnlySpan<double> edges)
        : this(CheckedEdges(edges), uniform: false)
    {
    }

    private Histogram1D(double[] edges, bool uniform)
    {
        _edges = edges;
        _contents = new double[edges.Length - 1];
        _variances = new double[edges.Length - 1];
        _uniform = uniform;
    }

    /// <summary>Number of bins.</summary>
    public int Bins => _contents.Length;

    /// <summary>The bin edges, one more than there are bins.</summary>
    public ReadOnlySpan<double> Edges => _edges;

    /// <summary>Σw of each bin.</summary>
    public ReadOnlySpan<double> Contents => _contents;

    /// <summary>Σw² of each bin: the variance of its content.</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>Σw of the events below the first edge (minus infinity included).</summary>
    public double Underflow { get; private set; }

    /// <summary>Σw of the events above the last edge (plus infinity included).</summary>
    public double Overflow { get; private set; }

    /// <summary>Number of values that were not a number; they enter nothing else.</summary>
    public long NotANumber { get; private set; }

    /// <summary>Σw of all events that have a place: bins, underflow and overflow.</summary>
    public double TotalWeight { get; private set; }

    /// <summary>Fills a histogram of equal bins over a given range.</summary>
    /// <param name="values">The events; NaN is counted aside.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="min">Lower edge of the first bin.</param>
    /// <param name="max">Upper edge of the last bin.</param>
    /// <param name="weights">One finite weight per event, or empty for unit weights.</param>
    /// <returns>The filled histogram.</returns>
    /// <exception cref="ArgumentException">The binning is invalid, or the weights differ in number from the values or are not finite.</exception>
    public static Histogram1D Of(ReadOnlySpan<double> values, int bins, double min, double max, ReadOnlySpan<double> weights = default)
    {
        var histogram = new Histogram1D(bins, min, max);
        histogram.Fill(values, weights);
        return histogram;
    }

    /// <summary>Fills a histogram of equal bins over the finite range of the values.</summary>
    /// <remarks>All values equal: the range is one unit (or 1 % of a large value) around them. No finite value: the range is [0, 1].</remarks>
    /// <param name="values">The events; NaN is counted aside, infinities go to the overflows.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="weights">One finite weight per event, or empty for unit weights.</param>
    /// <returns>The filled histogram.</returns>
    /// <exception cref="ArgumentException">The bin count is invalid, or the weights differ in number from the values or are not finite.</exception>
    public static Histogram1D Of(ReadOnlySpan<double> values, int bins, ReadOnlySpan<double> weights = default)
    {
        var (min, max) = SampleStatistics.Range(values);
        return Of(values, bins, min, max, weights);
    }

    /// <summary>Adds one event.</summary>
    /// <param name="value">Where it lies.</param>
    /// <param name="weight">Its weight; finite, may be negative.</param>
    /// <exception cref="ArgumentException">The weight is not finite.</exception>
    public void Fill(double value, double weight = 1)
    {
        if (!double.IsFinite(weight))
            throw new ArgumentException($"A weight must be finite, but one is {weight}.", nameof(weight));
        if (double.IsNaN(value))
        {
            NotANumber++;
            return;
        }
        TotalWeight += weight;
        if (value < _edges[0])
        {
            Underflow += weight;
        }
        else if (value > _edges[^1])
        {
            Overflow += weight;
        }
        else
        {
            var bin = FindBin(value);
            _contents[bin] += weight;
            _variances[bin] += weight * weight;
        }
    }

    /// <summary>Adds many events.</summary>
    /// <param name="values">Where they lie.</param>
    /// <param name="weights">One finite weight per event, or empty for unit weights.</param>
    /// <exception cref="ArgumentException">The weights differ in number from the values or are not finite.</exception>
    public void Fill(ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        if (!weights.IsEmpty && weights.Length != values.Length)
            throw new ArgumentException($"There must be one weight per value, but there are {weights.Length} weights for {values.Length} values.", nameof(weights));
        for (var i = 0; i < values.Length; i++)
            Fill(values[i], weights.IsEmpty ? 1 : weights[i]);
    }

    /// <summary>The standard deviation √Σw² of a bin's content.</summary>
    /// <param name="bin">0 to <see cref="Bins"/> - 1.</param>
    /// <returns>The error, in units of the content.</returns>
    public double Error(int bin) => Math.Sqrt(_variances[bin]);

    /// <summary>The middle of a bin.</summary>
    /// <param name="bin">0 to <see cref="Bins"/> - 1.</param>
    /// <returns>The mean of its two edges.</returns>
    public double Center(int bin) => 0.5 * _edges[bin] + 0.5 * _edges[bin + 1];

    /// <summary>The width of a bin.</summary>
    /// <param name="bin">0 to <see cref="Bins"/> - 1.</param>
    /// <returns>Upper minus lower edge.</returns>
    public double Width(int bin) => _edges[bin + 1] - _edges[bin];

    /// <summary>This histogram with contents and errors multiplied by a number.</summary>
    /// <param name="factor">A finite factor.</param>
    /// <returns>A new histogram.</returns>
    /// <exception cref="ArgumentException">The factor is not finite.</exception>
    public Histogram1D Scaled(double factor)
    {
        if (!double.IsFinite(factor))
            throw new ArgumentException($"A scale factor must be finite, but it is {factor}.", nameof(factor));
        var scaled = new Histogram1D(_edges, _uniform)
        {
            Underflow = Underflow * factor,
            Overflow = Overflow * factor,
            NotANumber = NotANumber,
            TotalWeight = TotalWeight * factor,
        };
        for (var i = 0; i < Bins; i++)
        {
            scaled._contents[i] = _contents[i] * factor;
            scaled._variances[i] = _variances[i] * factor * factor;
        }
        return scaled;
    }

    /// <summary>
    /// This histogram as a density: contents divided by the total weight and the bin width, errors likewise. Events outside the range count in
    /// the total, so a density function can be drawn over it unchanged.
    /// </summary>
    /// <returns>A new histogram; all zero if the total weight is zero.</returns>
    public Histogram1D ToDensity()
    {
        var norm = TotalWeight != 0 && double.IsFinite(1 / TotalWeight) ? 1 / TotalWeight : 0;
        var density = Scaled(norm);
        for (var i = 0; i < Bins; i++)
        {
            var width = Width(i);
            density._contents[i] /= width;
            density._variances[i] /= width * width;
        }
        return density;
    }

    /// <summary>The expected contents Σw·∫p over each bin, by 5-point Gauss-Legendre quadrature.</summary>
    /// <param name="density">A probability density over the axis.</param>
    /// <param name="totalWeight">The weight the density is normalized to: <see cref="TotalWeight"/> of the histogram compared, or 1.</param>
    /// <returns>One number per bin.</returns>
    public double[] Expected(Func<double, double> density, double totalWeight)
    {
        ArgumentNullException.ThrowIfNull(density);
        ReadOnlySpan<double> nodes = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
        ReadOnlySpan<double> weights = [0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908];
        var expected = new double[Bins];
        for (var i = 0; i < Bins; i++)
        {
            double half = 0.5 * Width(i), sum = 0;
            for (var k = 0; k < nodes.Length; k++)
                sum += weights[k] * density(Center(i) + half * nodes[k]);
            expected[i] = totalWeight * half * sum;
        }
        return expected;
    }

    private int FindBin(double value)
    {
        if (_uniform)
        {
            var bin = Math.Clamp((int)((value - _edges[0]) / (_edges[^1] - _edges[0]) * Bins), 0, Bins - 1);
            // The division rounds: a value on an edge may land one bin off, so the edges have the last word.
            if (value < _edges[bin])
                bin--;
            else if (bin < Bins - 1 && value >= _edges[bin + 1])
                bin++;
            return bin;
        }
        var index = Array.BinarySearch(_edges, value);
        return Math.Min(index >= 0 ? index : ~index - 1, Bins - 1);
    }

    private static double[] UniformEdges(int bins, double min, double max)
    {
        if (bins is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram has 1 to 1,000,000 bins.");
        if (!(double.IsFinite(min) && double.IsFinite(max) && min < max && double.IsFinite(max - min)))
            throw new ArgumentException($"A histogram's range must be finite and ascending, but it is [{min}, {max}].", nameof(max));
        var edges = new double[bins + 1];
        for (var i = 0; i <= bins; i++)
            edges[i] = i == bins ? max : min + (max - min) * i / bins;
        return CheckedEdges(edges);
    }

    private static double[] CheckedEdges(ReadOnlySpan<double> edges)
    {
        if (edges.Length < 2)
            throw new ArgumentException($"A histogram needs at least two edges, but there are {edges.Length}.", nameof(edges));
        for (var i = 0; i < edges.Length; i++)
        {
            if (!double.IsFinite(edges[i]) || (i > 0 && !(edges[i] > edges[i - 1])))
                throw new ArgumentException($"Bin edges must be finite and ascending, but edge {i} is {edges[i]}.", nameof(edges));
        }
        return edges.ToArray();
    }
}
