namespace Plotting;

/// <summary>
/// One pair of axes of a <see cref="Figure"/> and what is drawn on it. Every method returns the panel, so calls can be chained.
/// </summary>
/// <remarks>
/// Labels are <see cref="MathText"/> markup. Series are drawn in the order they are added and hold copies of their data. Values that are not
/// finite, and values no logarithmic axis can show, are left out. Not thread-safe.
/// </remarks>
public sealed class Panel
{
    private static readonly PlotColor[] _cycle =
        [PlotColor.Blue, PlotColor.Vermillion, PlotColor.Green, PlotColor.Purple, PlotColor.Orange, PlotColor.Sky];

    private int _series;

    internal Panel(int row, int column) => (Row, Column) = (row, column);

    internal int Row { get; }

    internal int Column { get; }

    internal List<Layer> Layers { get; } = [];

    internal List<string> Notes { get; } = [];

    internal List<(double X, double Y, string Text)> Annotations { get; } = [];

    internal string TitleText { get; private set; } = "";

    internal string XText { get; private set; } = "";

    internal string YText { get; private set; } = "";

    internal (double? Min, double? Max) XLimits { get; private set; }

    internal (double? Min, double? Max) YLimits { get; private set; }

    internal bool XIsLog { get; private set; }

    internal bool YIsLog { get; private set; }

    internal bool XIsOwn { get; private set; }

    internal bool YIsOwn { get; private set; }

    internal bool IsEqual { get; private set; }

    internal LegendPosition LegendPlace { get; private set; }

    internal ColorScale? BarScale { get; private set; }

    internal string BarText { get; private set; } = "";

    internal Panel? RatioPanel { get; private set; }

    internal double RatioHeight { get; private set; }

    internal bool IsRatio { get; private init; }

    /// <summary>Sets the title over the panel.</summary>
    /// <param name="text">Markup; long titles are broken into lines.</param>
    /// <returns>This panel.</returns>
    public Panel Title(string text)
    {
        TitleText = Label(text);
        return this;
    }

    /// <summary>Sets the label of the horizontal axis.</summary>
    /// <param name="text">Markup.</param>
    /// <returns>This panel.</returns>
    public Panel XLabel(string text)
    {
        XText = Label(text);
        return this;
    }

    /// <summary>Sets the label of the vertical axis.</summary>
    /// <param name="text">Markup.</param>
    /// <returns>This panel.</returns>
    public Panel YLabel(string text)
    {
        YText = Label(text);
        return this;
    }

    /// <summary>Fixes the ends of the horizontal axis; null leaves an end to the data.</summary>
    /// <param name="min">Left end.</param>
    /// <param name="max">Right end, above <paramref name="min"/>.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">An end is not finite, or the range is empty.</exception>
    public Panel XRange(double? min, double? max)
    {
        XLimits = Limits(min, max);
        return this;
    }

    /// <summary>Fixes the ends of the vertical axis; null leaves an end to the data.</summary>
    /// <param name="min">Lower end.</param>
    /// <param name="max">Upper end, above <paramref name="min"/>.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">An end is not finite, or the range is empty.</exception>
    public Panel YRange(double? min, double? max)
    {
        YLimits = Limits(min, max);
        return this;
    }

    /// <summary>Makes the horizontal axis logarithmic.</summary>
    /// <returns>This panel.</returns>
    public Panel LogX()
    {
        XIsLog = true;
        return this;
    }

    /// <summary>Makes the vertical axis logarithmic.</summary>
    /// <returns>This panel.</returns>
    public Panel LogY()
    {
        YIsLog = true;
        return this;
    }

    /// <summary>Gives one unit the same length on both (linear) axes by extending one of them.</summary>
    /// <returns>This panel.</returns>
    public Panel EqualAspect()
    {
        IsEqual = true;
        return this;
    }

    /// <summary>Takes this panel out of the sharing of axes its figure asks for.</summary>
    /// <param name="x">Whether it has its own horizontal axis.</param>
    /// <param name="y">Whether it has its own vertical axis.</param>
    /// <returns>This panel.</returns>
    public Panel OwnAxes(bool x, bool y)
    {
        (XIsOwn, YIsOwn) = (x, y);
        return this;
    }

    /// <summary>Says where the legend goes.</summary>
    /// <param name="position">The place.</param>
    /// <returns>This panel.</returns>
    public Panel Legend(LegendPosition position)
    {
        LegendPlace = position;
        return this;
    }

    /// <summary>Adds a line of text to the legend's block, which covers no data.</summary>
    /// <param name="text">Markup, such as a number the panel is about, or the levels of its contours.</param>
    /// <returns>This panel.</returns>
    public Panel Note(string text)
    {
        Notes.Add(Label(text));
        return this;
    }

    /// <summary>
    /// Writes a text beside a point of the data, where it covers nothing if there is such a place. It is left out if the point lies outside
    /// the axes, or if there is no room that other texts leave.
    /// </summary>
    /// <param name="x">Horizontal coordinate; finite.</param>
    /// <param name="y">Vertical coordinate; finite.</param>
    /// <param name="text">Markup.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">A coordinate is not finite.</exception>
    public Panel Annotate(double x, double y, string text)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y))
            throw new ArgumentException($"The place of a text must be finite, but it is ({x}, {y}).", nameof(x));
        Annotations.Add((x, y, Label(text)));
        return this;
    }

    /// <summary>Draws a histogram.</summary>
    /// <param name="histogram">Contents and errors; densities and weighted histograms alike.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="draw">What to draw of it.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    public Panel Histogram(Histogram1D histogram, string? label = null, HistogramStyle draw = HistogramStyle.Step, PlotStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (draw == HistogramStyle.None)
            throw new ArgumentException("A histogram must be drawn in at least one way.", nameof(draw));
        var errors = new double[histogram.Bins];
        for (var i = 0; i < errors.Length; i++)
            errors[i] = histogram.Error(i);
        return Add(new HistogramLayer(histogram.Edges.ToArray(), histogram.Contents.ToArray(), errors, draw, Checked(label), Resolve(style)));
    }

    /// <summary>Draws a step function over bins, such as the expected contents of a histogram.</summary>
    /// <param name="edges">The bin edges, ascending.</param>
    /// <param name="contents">One value per bin.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">There is not one more edge than contents.</exception>
    public Panel Steps(ReadOnlySpan<double> edges, ReadOnlySpan<double> contents, string? label = null, PlotStyle? style = null)
    {
        if (edges.Length != contents.Length + 1 || contents.IsEmpty)
            throw new ArgumentException($"There must be one more edge than contents, but there are {edges.Length} and {contents.Length}.", nameof(edges));
        return Add(new HistogramLayer(edges.ToArray(), contents.ToArray(), new double[contents.Length], HistogramStyle.Step, Checked(label), Resolve(style)));
    }

    /// <summary>Draws histograms on top of one another, the first one lowest.</summary>
    /// <param name="parts">Histograms with the same edges, and their names.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">There is none, or their edges differ.</exception>
    public Panel Stack(params ReadOnlySpan<(Histogram1D Histogram, string Label)> parts)
    {
        if (parts.IsEmpty)
            throw new ArgumentException("A stack needs at least one histogram.", nameof(parts));
        var low = new double[parts[0].Histogram.Bins];
        foreach (var (histogram, label) in parts)
        {
            if (!histogram.Edges.SequenceEqual(parts[0].Histogram.Edges))
                throw new ArgumentException("The histograms of a stack must have the same bin edges.", nameof(parts));
            var high = new double[low.Length];
            for (var i = 0; i < high.Length; i++)
                high[i] = low[i] + histogram.Contents[i];
            Add(new StepAreaLayer(histogram.Edges.ToArray(), low, high, Checked(label), Resolve(new PlotStyle(Opacity: 0.45))));
            low = high;
        }
        return this;
    }

    /// <summary>Draws a ratio of histograms: a point per bin with the errors of both samples. Meant for a panel made by <see cref="WithRatio"/>.</summary>
    /// <param name="ratio">The ratio.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    public Panel Ratio(HistogramRatio ratio, string? label = null, PlotStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return Add(new RatioLayer(ratio, Checked(label), Resolve(style ?? new PlotStyle(Width: 1.1, MarkerSize: 3.2))));
    }

    /// <summary>Draws a line through points; a point that is not finite breaks it.</summary>
    /// <param name="x">Horizontal coordinates.</param>
    /// <param name="y">Vertical coordinates, as many.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The numbers of coordinates differ.</exception>
    public Panel Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y, string? label = null, PlotStyle? style = null)
    {
        Same(x, y, nameof(y));
        return Add(new LineLayer(x.ToArray(), y.ToArray(), Checked(label), Resolve(style)));
    }

    /// <summary>Draws a function.</summary>
    /// <param name="function">y of x.</param>
    /// <param name="from">First abscissa; finite.</param>
    /// <param name="to">Last abscissa; finite and above <paramref name="from"/>.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <param name="points">Number of samples, 2 to 100,000; for a logarithmic axis set beforehand they are even in the logarithm.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The range or the number of points is invalid.</exception>
    public Panel Function(Func<double, double> function, double from, double to, string? label = null, PlotStyle? style = null, int points = 400)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!(double.IsFinite(from) && double.IsFinite(to) && from < to) || (XIsLog && from <= 0))
            throw new ArgumentException($"A function is drawn over a finite, ascending range, but it is [{from}, {to}].", nameof(to));
        if (points is < 2 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(points), points, "A function is sampled at 2 to 100,000 points.");
        var x = new double[points];
        var y = new double[points];
        for (var i = 0; i < points; i++)
        {
            var t = i / (points - 1.0);
            x[i] = i == points - 1 ? to : XIsLog ? from * Math.Pow(to / from, t) : from + t * (to - from);
            y[i] = function(x[i]);
        }
        return Add(new LineLayer(x, y, Checked(label), Resolve(style)));
    }

    /// <summary>Fills the area between two curves.</summary>
    /// <param name="x">Horizontal coordinates, ascending.</param>
    /// <param name="low">Lower curve.</param>
    /// <param name="high">Upper curve.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The numbers of coordinates differ.</exception>
    public Panel Band(ReadOnlySpan<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, string? label = null, PlotStyle? style = null)
    {
        Same(x, low, nameof(low));
        Same(x, high, nameof(high));
        return Add(new BandLayer(x.ToArray(), low.ToArray(), high.ToArray(), Checked(label), Resolve(style)));
    }

    /// <summary>Draws points, with error bars if given.</summary>
    /// <param name="x">Horizontal coordinates.</param>
    /// <param name="y">Vertical coordinates, as many.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <param name="yErrors">Half lengths of the vertical bars, or empty.</param>
    /// <param name="xErrors">Half lengths of the horizontal bars, or empty.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The numbers of coordinates or errors differ.</exception>
    public Panel Points(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, string? label = null, PlotStyle? style = null, ReadOnlySpan<double> yErrors = default, ReadOnlySpan<double> xErrors = default)
    {
        Same(x, y, nameof(y));
        if (!yErrors.IsEmpty)
            Same(x, yErrors, nameof(yErrors));
        if (!xErrors.IsEmpty)
            Same(x, xErrors, nameof(xErrors));
        return Add(new PointsLayer(
            x.ToArray(), y.ToArray(), xErrors.IsEmpty ? null : xErrors.ToArray(), yErrors.IsEmpty ? null : yErrors.ToArray(), Checked(label), Resolve(style)));
    }

    /// <summary>Draws a cloud of events as small points; of many events every n-th is drawn, which keeps files small.</summary>
    /// <param name="x">Horizontal coordinates.</param>
    /// <param name="y">Vertical coordinates, as many.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <param name="maxPoints">The largest number drawn, 1 to 100,000.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The numbers of coordinates differ, or the limit is out of range.</exception>
    public Panel Scatter(ReadOnlySpan<double> x, ReadOnlySpan<double> y, string? label = null, PlotStyle? style = null, int maxPoints = 4000)
    {
        Same(x, y, nameof(y));
        if (maxPoints is < 1 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(maxPoints), maxPoints, "A scatter plot draws 1 to 100,000 points.");
        var stride = Math.Max(1, (x.Length + maxPoints - 1) / maxPoints);
        var count = (x.Length + stride - 1) / stride;
        var px = new double[count];
        var py = new double[count];
        for (var i = 0; i < count; i++)
            (px[i], py[i]) = (x[i * stride], y[i * stride]);
        return Add(new PointsLayer(px, py, null, null, Checked(label), Resolve(style ?? new PlotStyle(MarkerSize: 1.6))));
    }

    /// <summary>Draws level lines of a grid.</summary>
    /// <param name="grid">A histogram (best smoothed) or a sampled density.</param>
    /// <param name="levels">Finite levels; <see cref="Grid2D.LevelsEnclosing"/> gives those of highest-density regions.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">A level is not finite.</exception>
    public Panel Contours(Grid2D grid, ReadOnlySpan<double> levels, string? label = null, PlotStyle? style = null) =>
        AddContours(grid, levels, filled: false, label, style);

    /// <summary>Fills the regions above the levels of a grid, one over the other, so that higher regions are darker and none is left white.</summary>
    /// <param name="grid">A histogram (best smoothed) or a sampled density.</param>
    /// <param name="levels">Finite levels.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look; the opacity is that of one region.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">A level is not finite.</exception>
    public Panel FilledContours(Grid2D grid, ReadOnlySpan<double> levels, string? label = null, PlotStyle? style = null) =>
        AddContours(grid, levels, filled: true, label, style);

    /// <summary>Draws the cells of a grid in colours.</summary>
    /// <param name="grid">The values; NaN is left in the background colour.</param>
    /// <param name="scale">The colours.</param>
    /// <param name="colorBar">Label of the colour bar beside the panel, empty for a bar without label, null for no bar.</param>
    /// <returns>This panel.</returns>
    public Panel HeatMap(Grid2D grid, ColorScale scale, string? colorBar = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(scale);
        if (colorBar is not null)
            (BarScale, BarText) = (scale, Label(colorBar));
        Layers.Add(new HeatMapLayer(grid, scale, new PlotStyle(scale.HighColor)));
        return this;
    }

    /// <summary>Draws an arrow at every point; the legend shows an arrow of a round length as the scale.</summary>
    /// <param name="x">Horizontal coordinates of the tails.</param>
    /// <param name="y">Vertical coordinates of the tails.</param>
    /// <param name="dx">Horizontal components, in units of the axis.</param>
    /// <param name="dy">Vertical components, in units of the axis.</param>
    /// <param name="label">What the scale arrow's length is called, such as <c>|\Delta|</c>; null for no scale arrow.</param>
    /// <param name="magnification">Drawn length over length in data units (1: tips where the vectors point); null makes the longest arrow as long as arrows are apart.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">Numbers of coordinates differ, or the magnification is not positive.</exception>
    public Panel Arrows(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> dx, ReadOnlySpan<double> dy, string? label = null, double? magnification = null, PlotStyle? style = null)
    {
        Same(x, y, nameof(y));
        Same(x, dx, nameof(dx));
        Same(x, dy, nameof(dy));
        if (magnification is not null && !(magnification > 0 && double.IsFinite(magnification.Value)))
            throw new ArgumentException($"A magnification must be positive and finite, but it is {magnification}.", nameof(magnification));
        return Add(new ArrowLayer(
            x.ToArray(), y.ToArray(), dx.ToArray(), dy.ToArray(), magnification, Checked(label), PlotStyle.Resolve(style ?? new PlotStyle(Width: 1.1), PlotColor.Foreground)));
    }

    /// <summary>Draws a horizontal line through the panel.</summary>
    /// <param name="y">Its height; finite.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public Panel HorizontalLine(double y, string? label = null, PlotStyle? style = null) => AddReference(y, vertical: false, label, style);

    /// <summary>Draws a vertical line through the panel.</summary>
    /// <param name="x">Its place; finite.</param>
    /// <param name="label">Name in the legend; null for none.</param>
    /// <param name="style">Its look.</param>
    /// <returns>This panel.</returns>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public Panel VerticalLine(double x, string? label = null, PlotStyle? style = null) => AddReference(x, vertical: true, label, style);

    /// <summary>Adds a panel below this one that shares its horizontal axis, with a line at one.</summary>
    /// <param name="label">Label of its vertical axis.</param>
    /// <param name="height">Its height over the height of this panel, 0.1 to 2.</param>
    /// <returns>The ratio panel, the same one at every call.</returns>
    /// <exception cref="ArgumentException">The height is out of range.</exception>
    /// <exception cref="InvalidOperationException">This is itself a ratio panel.</exception>
    public Panel WithRatio(string label = "ratio", double height = 0.32)
    {
        if (IsRatio)
            throw new InvalidOperationException("A ratio panel has no ratio panel of its own.");
        if (!(height is >= 0.1 and <= 2))
            throw new ArgumentException($"A ratio panel must be 0.1 to 2 times as high as its main panel, but {height} is asked for.", nameof(height));
        if (RatioPanel is null)
        {
            RatioPanel = new Panel(Row, Column) { IsRatio = true };
            RatioPanel.HorizontalLine(1, style: new PlotStyle(PlotColor.Muted, Width: 1));
        }
        RatioHeight = height;
        RatioPanel.YText = Label(label);
        return RatioPanel;
    }

    // Parsing here reports bad markup where it was written.
    private static string Label(string text)
    {
        MathText.Parse(text, 10);
        return text;
    }

    private static string? Checked(string? label) => label is null ? null : Label(label);

    private static (double? Min, double? Max) Limits(double? min, double? max)
    {
        foreach (var end in (ReadOnlySpan<double?>)[min, max])
        {
            if (end is not null && !(Math.Abs(end.Value) <= SampleStatistics.Largest))
                throw new ArgumentException($"The end of an axis must be finite, but it is {end}.", nameof(min));
        }
        if (min is not null && max is not null && !(max - min > 1e-13 * Math.Max(Math.Abs(min.Value), Math.Abs(max.Value))))
            throw new ArgumentException($"The range of an axis must be ascending and not empty, but it is [{min}, {max}].", nameof(max));
        return (min, max);
    }

    private static void Same(ReadOnlySpan<double> x, ReadOnlySpan<double> other, string parameter)
    {
        if (x.Length != other.Length)
            throw new ArgumentException($"There must be one value per point, but there are {other.Length} for {x.Length} points.", parameter);
    }

    private Panel AddContours(Grid2D grid, ReadOnlySpan<double> levels, bool filled, string? label, PlotStyle? style)
    {
        ArgumentNullException.ThrowIfNull(grid);
        foreach (var level in levels)
        {
            if (!double.IsFinite(level))
                throw new ArgumentException($"A contour level must be finite, but one is {level}.", nameof(levels));
        }
        var sorted = levels.ToArray();
        Array.Sort(sorted);
        // Equal levels would fill the same region twice.
        return Add(new ContourLayer(grid, [.. sorted.Distinct()], filled, Checked(label), Resolve(style)));
    }

    private Panel AddReference(double value, bool vertical, string? label, PlotStyle? style)
    {
        if (!(Math.Abs(value) <= SampleStatistics.Largest))
            throw new ArgumentException($"The place of a line must be finite, but it is {value}.", nameof(value));
        return Add(new ReferenceLineLayer(value, vertical, Checked(label), PlotStyle.Resolve(style ?? new PlotStyle(Width: 1.2, Dash: DashStyle.Dashed), PlotColor.Foreground)));
    }

    private Panel Add(Layer layer)
    {
        Layers.Add(layer);
        return this;
    }

    private PlotStyle Resolve(PlotStyle? style)
    {
        style ??= new PlotStyle();
        if (style.Color is not null)
            return PlotStyle.Resolve(style, PlotColor.Blue);
        var turn = _series / _cycle.Length;
        // When the colours begin again, the lines are broken differently, so that no two series look the same.
        if (turn > 0 && style.Dash == DashStyle.Solid)
            style = style with { Dash = (DashStyle)(turn % 4), Marker = style.Marker == MarkerShape.Circle ? (MarkerShape)(turn % 4) : style.Marker };
        return PlotStyle.Resolve(style, _cycle[_series++ % _cycle.Length]);
    }
}
