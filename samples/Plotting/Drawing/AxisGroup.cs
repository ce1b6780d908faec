namespace Plotting;

/// <summary>One axis range, and the panels that have it in common.</summary>
internal sealed class AxisGroup
{
    public List<PanelNode> Nodes { get; } = [];

    public bool IsLog { get; set; }

    public double Min { get; set; }

    public double Max { get; set; }

    public (double? Min, double? Max) Limits { get; set; }

    /// <summary>Moves the upper end up by a fraction of the final length.</summary>
    public void Extend(double fraction)
    {
        if (IsLog)
            Max = Math.Pow(10, Math.Min(Math.Log10(Min) + (Math.Log10(Max) - Math.Log10(Min)) / (1 - fraction), 304));
        else
            Max = Min + (Max - Min) / (1 - fraction);
    }
}
