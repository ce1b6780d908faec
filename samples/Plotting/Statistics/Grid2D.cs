namespace Plotting;

/// <summary>
/// A scalar field on a regular grid of cells: a histogram's contents, or a function sampled at the cell centres.
/// </summary>
/// <remarks>Immutable and thread-safe. Values that are not finite are allowed; contours treat them as lower than every level.</remarks>
public sealed class Grid2D
{
    private readonly double[] _values;

    /// <summary>Makes a grid from values.</summary>
    /// <param name="columns">Cells along x, 1 to 4096.</param>
    /// <param name="xMin">Left edge of the first column.</param>
    /// <param name="xMax">Right edge of the last column.</param>
    /// <param name="rows">Cells along y, 1 to 4096.</param>
    /// <param name="yMin">Lower edge of the first row.</param>
    /// <param name="yMax">Upper edge of the last row.</param>
    /// <param name="values">columns × rows values, x running fastest.</param>
    /// <exception cref="ArgumentException">A size, a range or the number of values is invalid.</exception>
    public Grid2D(int columns, double xMin, double xMax, int rows, double yMin, double yMax, ReadOnlySpan<double> values)
    {
        CheckAxis(columns, xMin, xMax, nameof(columns));
        CheckAxis(rows, yMin, yMax, nameof(rows));
        if (values.Length != columns * rows)
            throw new ArgumentException($"A grid of {columns} × {rows} cells needs {columns * rows} values, but there are {values.Length}.", nameof(values));
        (Columns, XMin, XMax, Rows, YMin, YMax) = (columns, xMin, xMax, rows, yMin, yMax);
        _values = values.ToArray();
    }

    /// <summary>Cells along x.</summary>
    public int Columns { get; }

    /// <summary>Cells along y.</summary>
    public int Rows { get; }

    /// <summary>Left edge of the first column.</summary>
    public double XMin { get; }

    /// <summary>Right edge of the last column.</summary>
    public double XMax { get; }

    /// <summary>Lower edge of the first row.</summary>
    public double YMin { get; }

    /// <summary>Upper edge of the last row.</summary>
    public double YMax { get; }

    /// <summary>All values, x running fastest.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The value of one cell.</summary>
    /// <param name="column">0 to <see cref="Columns"/> - 1.</param>
    /// <param name="row">0 to <see cref="Rows"/> - 1, from below.</param>
    public double this[int column, int row] => _values[row * Columns + column];

    /// <summary>Samples a function at the centres of the cells.</summary>
    /// <param name="columns">Cells along x, 1 to 4096.</param>
    /// <param name="xMin">Left edge of the first column.</param>
    /// <param name="xMax">Right edge of the last column.</param>
    /// <param name="rows">Cells along y, 1 to 4096.</param>
    /// <param name="yMin">Lower edge of the first row.</param>
    /// <param name="yMax">Upper edge of the last row.</param>
    /// <param name="function">f(x, y).</param>
    /// <returns>The grid.</returns>
    /// <exception cref="ArgumentException">A size or a range is invalid.</exception>
    public static Grid2D FromFunction(int columns, double xMin, double xMax, int rows, double yMin, double yMax, Func<double, double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        CheckAxis(columns, xMin, xMax, nameof(columns));
        CheckAxis(rows, yMin, yMax, nameof(rows));
        var values = new double[columns * rows];
        for (var j = 0; j < rows; j++)
        {
            var y = yMin + (yMax - yMin) * (j + 0.5) / rows;
            for (var i = 0; i < columns; i++)
                values[j * columns + i] = function(xMin + (xMax - xMin) * (i + 0.5) / columns, y);
        }
        return new Grid2D(columns, xMin, xMax, rows, yMin, yMax, values);
    }

    /// <summary>The centre of a column.</summary>
    /// <param name="column">0 to <see cref="Columns"/> - 1.</param>
    /// <returns>x in data units.</returns>
    public double X(int column) => XMin + (XMax - XMin) * (column + 0.5) / Columns;

    /// <summary>The centre of a row.</summary>
    /// <param name="row">0 to <see cref="Rows"/> - 1.</param>
    /// <returns>y in data units.</returns>
    public double Y(int row) => YMin + (YMax - YMin) * (row + 0.5) / Rows;

    /// <summary>This grid smoothed with a Gaussian kernel (<see cref="GaussianSmoothing"/>).</summary>
    /// <param name="sigmaCells">Kernel width in cells; 0 leaves the grid as it is.</param>
    /// <returns>A new grid with the same total.</returns>
    public Grid2D Smoothed(double sigmaCells) => GaussianSmoothing.Smooth(this, sigmaCells, sigmaCells);

    /// <summary>
    /// The levels whose superlevel sets {f ≥ level} hold given fractions of the grid's total: highest-density regions. The cumulated mass of
    /// the sorted cells is interpolated linearly, so the answer changes smoothly with the fraction.
    /// </summary>
    /// <param name="fractions">Fractions in (0, 1).</param>
    /// <returns>One level per fraction, in the same order; zeros if the grid holds no positive mass.</returns>
    /// <exception cref="ArgumentException">A fraction is outside (0, 1).</exception>
    public double[] LevelsEnclosing(params ReadOnlySpan<double> fractions)
    {
        var sorted = new List<double>(_values.Length);
        double total = 0;
        foreach (var v in _values)
        {
            if (v > 0 && double.IsFinite(v))
            {
                sorted.Add(v);
                total += v;
            }
        }
        sorted.Sort();
        var levels = new double[fractions.Length];
        for (var k = 0; k < fractions.Length; k++)
        {
            var fraction = fractions[k];
            if (!(fraction is > 0 and < 1))
                throw new ArgumentException($"A fraction of enclosed mass must be in (0, 1), but one is {fraction}.", nameof(fractions));
            double target = fraction * total, sum = 0;
            for (var i = sorted.Count - 1; i >= 0; i--)
            {
                var next = sum + sorted[i];
                if (next >= target || i == 0)
                {
                    var above = i + 1 < sorted.Count ? sorted[i + 1] : sorted[i];
                    var t = Math.Clamp((target - sum) / sorted[i], 0, 1);
                    levels[k] = above + (sorted[i] - above) * t;
                    break;
                }
                sum = next;
            }
        }
        return levels;
    }

    /// <summary>This grid with every value mapped.</summary>
    /// <param name="map">The function of a value.</param>
    /// <returns>A new grid.</returns>
    public Grid2D Select(Func<double, double> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new Grid2D(Columns, XMin, XMax, Rows, YMin, YMax, Array.ConvertAll(_values, v => map(v)));
    }

    internal static void CheckAxis(int cells, double min, double max, string parameter)
    {
        if (cells is < 1 or > 4096)
            throw new ArgumentOutOfRangeException(parameter, cells, "A grid has 1 to 4096 cells along each axis.");
        if (!(double.IsFinite(min) && double.IsFinite(max) && min < max && double.IsFinite(max - min)))
            throw new ArgumentException($"A grid's range must be finite and ascending, but it is [{min}, {max}].", parameter);
    }
}
