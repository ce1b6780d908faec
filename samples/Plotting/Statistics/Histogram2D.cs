namespace Plotting;

/// <summary>A two-dimensional histogram of weighted events with equal cells.</summary>
/// <remarks>Not safe for concurrent filling; safe for concurrent reading.</remarks>
public sealed class Histogram2D
{
    private readonly double[] _contents;
    private readonly double[] _variances;

    /// <summary>Makes an empty histogram.</summary>
    /// <param name="columns">Cells along x, 1 to 4096.</param>
    /// <param name="xMin">Left edge.</param>
    /// <param name="xMax">Right edge.</param>
    /// <param name="rows">Cells along y, 1 to 4096.</param>
    /// <param name="yMin">Lower edge.</param>
    /// <param name="yMax">Upper edge.</param>
    /// <exception cref="ArgumentException">A size or a range is invalid.</exception>
    public Histogram2D(int columns, double xMin, double xMax, int rows, double yMin, double yMax)
    {
        Grid2D.CheckAxis(columns, xMin, xMax, nameof(columns));
        Grid2D.CheckAxis(rows, yMin, yMax, nameof(rows));
        (Columns, XMin, XMax, Rows, YMin, YMax) = (columns, xMin, xMax, rows, yMin, yMax);
        _contents = new double[columns * rows];
        _variances = new double[columns * rows];
    }

    /// <summary>Cells along x.</summary>
    public int Columns { get; }

    /// <summary>Cells along y.</summary>
    public int Rows { get; }

    /// <summary>Left edge.</summary>
    public double XMin { get; }

    /// <summary>Right edge.</summary>
    public double XMax { get; }

    /// <summary>Lower edge.</summary>
    public double YMin { get; }

    /// <summary>Upper edge.</summary>
    public double YMax { get; }

    /// <summary>Σw of each cell, x running fastest.</summary>
    public ReadOnlySpan<double> Contents => _contents;

    /// <summary>Σw² of each cell, x running fastest.</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>Σw of all events without a NaN coordinate, those outside the range included.</summary>
    public double TotalWeight { get; private set; }

    /// <summary>Σw of the events outside the range.</summary>
    public double Outside { get; private set; }

    /// <summary>Number of events with a coordinate that was not a number.</summary>
    public long NotANumber { get; private set; }

    /// <summary>Fills a new histogram.</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates, as many.</param>
    /// <param name="columns">Cells along x.</param>
    /// <param name="xMin">Left edge.</param>
    /// <param name="xMax">Right edge.</param>
    /// <param name="rows">Cells along y.</param>
    /// <param name="yMin">Lower edge.</param>
    /// <param name="yMax">Upper edge.</param>
    /// <param name="weights">One finite weight per event, or empty for unit weights.</param>
    /// <returns>The filled histogram.</returns>
    /// <exception cref="ArgumentException">Numbers of coordinates or weights differ, or the binning is invalid.</exception>
    public static Histogram2D Of(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, int columns, double xMin, double xMax, int rows, double yMin, double yMax, ReadOnlySpan<double> weights = default)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"There must be as many x as y, but there are {x.Length} and {y.Length}.", nameof(y));
        if (!weights.IsEmpty && weights.Length != x.Length)
            throw new ArgumentException($"There must be one weight per event, but there are {weights.Length} weights for {x.Length} events.", nameof(weights));
        var histogram = new Histogram2D(columns, xMin, xMax, rows, yMin, yMax);
        for (var i = 0; i < x.Length; i++)
            histogram.Fill(x[i], y[i], weights.IsEmpty ? 1 : weights[i]);
        return histogram;
    }

    /// <summary>Adds one event.</summary>
    /// <param name="x">First coordinate.</param>
    /// <param name="y">Second coordinate.</param>
    /// <param name="weight">Its weight; finite.</param>
    /// <exception cref="ArgumentException">The weight is not finite.</exception>
    public void Fill(double x, double y, double weight = 1)
    {
        if (!double.IsFinite(weight))
            throw new ArgumentException($"A weight must be finite, but one is {weight}.", nameof(weight));
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            NotANumber++;
            return;
        }
        TotalWeight += weight;
        if (x < XMin || x > XMax || y < YMin || y > YMax)
        {
            Outside += weight;
            return;
        }
        var i = Math.Min((int)((x - XMin) / (XMax - XMin) * Columns), Columns - 1);
        var j = Math.Min((int)((y - YMin) / (YMax - YMin) * Rows), Rows - 1);
        _contents[j * Columns + i] += weight;
        _variances[j * Columns + i] += weight * weight;
    }

    /// <summary>The contents as a grid.</summary>
    /// <returns>Σw of each cell.</returns>
    public Grid2D ToGrid() => new(Columns, XMin, XMax, Rows, YMin, YMax, _contents);

    /// <summary>The contents as a density: divided by the total weight (events outside included) and the area of a cell.</summary>
    /// <returns>A grid comparable with an analytic density; all zero if the total weight is zero.</returns>
    public Grid2D ToDensity()
    {
        var area = (XMax - XMin) / Columns * ((YMax - YMin) / Rows);
        var norm = 1 / (TotalWeight * area);
        if (!double.IsFinite(norm))
            norm = 0;
        return ToGrid().Select(v => v * norm);
    }
}
