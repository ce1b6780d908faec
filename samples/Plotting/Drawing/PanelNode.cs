namespace Plotting;

/// <summary>A panel while its figure is laid out.</summary>
internal sealed class PanelNode(Panel panel, bool isRatio, double width, double height)
{
    public Panel Panel { get; } = panel;

    public bool IsRatio { get; } = isRatio;

    public double Width { get; } = width;

    public double Height { get; } = height;

    public double Left { get; set; }

    public double Top { get; set; }

    public required AxisGroup X { get; init; }

    public required AxisGroup Y { get; init; }

    public bool ShowsX { get; set; }

    public bool ShowsY { get; set; }

    /// <summary>The node drawn directly below in the same cell, or null.</summary>
    public PanelNode? Ratio { get; set; }

    public AxisTicks XTicks { get; set; } = new([], []);

    public AxisTicks YTicks { get; set; } = new([], []);

    public List<MathText> XTickTexts { get; } = [];

    public List<MathText> YTickTexts { get; } = [];

    public List<MathText> TitleLines { get; set; } = [];

    public List<MathText> XLabelLines { get; set; } = [];

    public List<MathText> YLabelLines { get; set; } = [];

    public LegendBlock? Legend { get; set; }

    /// <summary>Upper left corner of the legend within the panel; null for a legend outside.</summary>
    public PlotPoint? LegendPlace { get; set; }

    public List<(MathText Text, PlotPoint Baseline)> Annotations { get; } = [];

    public double ColorBarWidth { get; set; }

    public PanelFrame Frame => new(
        new AxisScale(X.Min, X.Max, X.IsLog, Width, vertical: false), new AxisScale(Y.Min, Y.Max, Y.IsLog, Height, vertical: true));
}
