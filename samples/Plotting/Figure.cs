using System.Text;

namespace Plotting;

/// <summary>
/// Panels on a grid, drawn as one SVG document: <c>var figure = new Figure("…"); figure.Panel(0, 0).Histogram(…); figure.SaveSvg(path);</c>
/// </summary>
/// <remarks>
/// The document is self-contained and deterministic, keeps text as text, carries a title and a description for screen readers, and follows
/// the reader's light or dark colour scheme, in a file of its own and inside a page. Not thread-safe.
/// </remarks>
public sealed class Figure
{
    private readonly Panel?[] _panels;

    /// <summary>Makes a figure.</summary>
    /// <param name="title">Its title, as <see cref="MathText"/> markup; empty for none.</param>
    /// <param name="rows">Rows of panels, 1 to 20.</param>
    /// <param name="columns">Columns of panels, 1 to 20.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the markup is invalid.</exception>
    public Figure(string title, int rows = 1, int columns = 1)
    {
        MathText.Parse(title, 10);
        if (rows is < 1 or > 20)
            throw new ArgumentOutOfRangeException(nameof(rows), rows, "A figure has 1 to 20 rows of panels.");
        if (columns is < 1 or > 20)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "A figure has 1 to 20 columns of panels.");
        (TitleText, Rows, Columns) = (title, rows, columns);
        _panels = new Panel?[rows * columns];
        var single = rows * columns == 1;
        (PanelWidth, PanelHeight) = single ? (480, 330) : (300, 225);
        WidthRatios = [.. Enumerable.Repeat(1.0, columns)];
        HeightRatios = [.. Enumerable.Repeat(1.0, rows)];
    }

    /// <summary>Rows of panels.</summary>
    public int Rows { get; }

    /// <summary>Columns of panels.</summary>
    public int Columns { get; }

    internal string TitleText { get; }

    internal string? DescriptionText { get; private set; }

    internal double PanelWidth { get; private set; }

    internal double PanelHeight { get; private set; }

    internal double[] WidthRatios { get; private set; }

    internal double[] HeightRatios { get; private set; }

    internal AxisSharing SharingX { get; private set; }

    internal AxisSharing SharingY { get; private set; }

    internal bool HasSharedLegend { get; private set; }

    /// <summary>The panel at a place of the grid. Places never asked for stay empty.</summary>
    /// <param name="row">Row from the top, from 0.</param>
    /// <param name="column">Column from the left, from 0.</param>
    /// <returns>The panel, the same one at every call.</returns>
    /// <exception cref="ArgumentException">There is no such place.</exception>
    public Panel Panel(int row, int column)
    {
        if (row < 0 || row >= Rows)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The figure has {Rows} rows of panels.");
        if (column < 0 || column >= Columns)
            throw new ArgumentOutOfRangeException(nameof(column), column, $"The figure has {Columns} columns of panels.");
        return _panels[row * Columns + column] ??= new Panel(row, column);
    }

    /// <summary>Sets the description for screen readers; without it, one is made from the labels.</summary>
    /// <param name="text">Plain text: what is to be seen.</param>
    /// <returns>This figure.</returns>
    public Figure Describe(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        DescriptionText = text;
        return this;
    }

    /// <summary>Sets the size of the data area of a panel.</summary>
    /// <param name="width">Pixels, 40 to 4000.</param>
    /// <param name="height">Pixels, 40 to 4000.</param>
    /// <returns>This figure.</returns>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public Figure PanelSize(double width, double height)
    {
        if (!(width is >= 40 and <= 4000 && height is >= 40 and <= 4000))
            throw new ArgumentException($"A panel must be 40 to 4000 pixels wide and high, but {width} × {height} is asked for.", nameof(width));
        (PanelWidth, PanelHeight) = (width, height);
        return this;
    }

    /// <summary>Sets the widths of the columns relative to the panel width.</summary>
    /// <param name="ratios">One positive number per column, 0.1 to 10.</param>
    /// <returns>This figure.</returns>
    /// <exception cref="ArgumentException">The number of ratios is wrong, or one is out of range.</exception>
    public Figure ColumnWidths(params ReadOnlySpan<double> ratios)
    {
        WidthRatios = Ratios(ratios, Columns, "column");
        return this;
    }

    /// <summary>Sets the heights of the rows relative to the panel height.</summary>
    /// <param name="ratios">One positive number per row, 0.1 to 10.</param>
    /// <returns>This figure.</returns>
    /// <exception cref="ArgumentException">The number of ratios is wrong, or one is out of range.</exception>
    public Figure RowHeights(params ReadOnlySpan<double> ratios)
    {
        HeightRatios = Ratios(ratios, Rows, "row");
        return this;
    }

    /// <summary>Says which panels have axes in common.</summary>
    /// <param name="x">Sharing of horizontal axes.</param>
    /// <param name="y">Sharing of vertical axes.</param>
    /// <returns>This figure.</returns>
    public Figure Share(AxisSharing x, AxisSharing y)
    {
        (SharingX, SharingY) = (x, y);
        return this;
    }

    /// <summary>Collects the legends of all panels, each label once, in one legend below the title.</summary>
    /// <returns>This figure.</returns>
    public Figure SharedLegend()
    {
        HasSharedLegend = true;
        return this;
    }

    /// <summary>Draws the figure.</summary>
    /// <returns>An SVG document; the same bytes for the same figure.</returns>
    /// <exception cref="ArgumentException">A fixed range does not fit a logarithmic axis.</exception>
    public string ToSvg() => new FigureRenderer(this).Render().Svg;

    /// <summary>Says where everything in the figure lies.</summary>
    /// <returns>The layout of the document <see cref="ToSvg"/> gives.</returns>
    /// <exception cref="ArgumentException">A fixed range does not fit a logarithmic axis.</exception>
    public FigureLayout Layout() => new FigureRenderer(this).Render().Layout;

    /// <summary>Writes the figure to a file, which is either complete or as it was before.</summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var beside = full + ".part";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                stream.Write(new UTF8Encoding(false).GetBytes(ToSvg()));
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, full, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    internal IEnumerable<Panel> UsedPanels()
    {
        var any = false;
        foreach (var panel in _panels)
        {
            if (panel is null)
                continue;
            any = true;
            yield return panel;
        }
        // A figure without panels shows one pair of empty axes.
        if (!any)
            yield return new Panel(0, 0);
    }

    private static double[] Ratios(ReadOnlySpan<double> ratios, int count, string what)
    {
        if (ratios.Length != count)
            throw new ArgumentException($"There must be one ratio per {what}, but there are {ratios.Length} for {count}.", nameof(ratios));
        foreach (var ratio in ratios)
        {
            if (!(ratio is >= 0.1 and <= 10))
                throw new ArgumentException($"A {what} ratio must be 0.1 to 10, but one is {ratio}.", nameof(ratios));
        }
        return ratios.ToArray();
    }
}
