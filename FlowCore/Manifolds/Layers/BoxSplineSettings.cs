using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>The constants of a <see cref="BoxSpline{T}"/>: bins, box, least sizes, and which raw numbers there are.</summary>
/// <param name="Bins">K, at least 2.</param>
internal sealed record BoxSplineSettings(int Bins)
{
    /// <summary>The lower end of the box.</summary>
    public double Lower { get; init; }

    /// <summary>The upper end of the box.</summary>
    public double Upper { get; init; } = 1;

    /// <summary>The least width as a part of the box, below 1/K.</summary>
    public double MinimumWidth { get; init; } = 1e-4;

    /// <summary>The least height as a part of the box, below 1/K.</summary>
    public double MinimumHeight { get; init; } = 1e-4;

    /// <summary>The least slope at a knot, where slopes are raw numbers.</summary>
    public double MinimumSlope { get; init; } = 1e-4;

    /// <summary>Whether the first width and the first height have the logit 0 and no raw number.</summary>
    public bool FixFirst { get; init; }

    /// <summary>Whether the second width has the logit 0, too.</summary>
    public bool FixSecondWidth { get; init; }

    /// <summary>Whether the logits of heights are the raw numbers plus the logits of widths.</summary>
    public bool IsIndependent { get; init; }

    /// <summary>The largest ratio of two widths or of two heights; 0 or less for none.</summary>
    public double MaxMinRatio { get; init; } = -1;

    /// <summary>The slope at both ends; 0 or less where it is a raw number.</summary>
    public double EndSlope { get; init; } = -1;

    /// <summary>Whether the inner slopes are those of a continuous second derivative; K is 2 or 3, on the circle 2.</summary>
    public bool IsSmooth { get; init; }

    /// <summary>Whether the box is a circle: the slope at both ends is the same.</summary>
    public bool IsCircular { get; init; }

    /// <summary>How many raw widths.</summary>
    public int Widths => Logits - (FixFirst ? 1 : 0) - (FixSecondWidth ? 1 : 0);

    /// <summary>How many raw heights.</summary>
    public int Heights => Logits - (FixFirst ? 1 : 0);

    /// <summary>How many raw slopes.</summary>
    public int Slopes => (IsSmooth, IsCircular, HasEndSlope) switch
    {
        (true, true, _) or (true, _, true) => 0,
        (true, _, _) => Bins == 2 ? 2 : 1,
        (_, _, true) => Bins - 1,
        (_, true, _) => Bins,
        _ => Bins + 1,
    };

    /// <summary>Whether the slopes at the ends are a constant.</summary>
    public bool HasEndSlope => EndSlope > 0;

    /// <summary>Whether the third bin has the sizes of the first.</summary>
    public bool IsMirrored => IsSmooth && !IsCircular && Bins == 3;

    /// <summary>How many logits of sizes there are.</summary>
    public int Logits => IsMirrored ? 2 : Bins;

    /// <summary>M: with a largest ratio ρ logits are (2σ(l) − 1) M, M = ½ (ln ρ − ln(K − 1)).</summary>
    public double LogitBound => 0.5 * (Math.Log(MaxMinRatio) - Math.Log(Bins - 1));

    /// <summary>Refuses settings that contradict each other.</summary>
    /// <param name="parameter">The name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">They do.</exception>
    public BoxSplineSettings Checked(string parameter = "options")
    {
        if (Bins < 2)
            throw new ArgumentException($"Expected at least 2 bins of a spline, got {Bins}.", parameter);
        if (IsSmooth && Bins != 2 && (Bins != 3 || IsCircular))
            throw new ArgumentException($"Expected {(IsCircular ? "2 bins" : "2 or 3 bins")} of a spline with a smooth second derivative, got {Bins}.", parameter);
        if (!(MinimumWidth > 0 && MinimumWidth * Bins < 1 && MinimumHeight > 0 && MinimumHeight * Bins < 1))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected least sizes of bins above 0 and below 1/{Bins}, got {MinimumWidth} and {MinimumHeight}."), parameter);
        if (!(MinimumSlope > 0))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected a positive least slope, got {MinimumSlope}."), parameter);
        if (FixSecondWidth && !FixFirst)
            throw new ArgumentException("Expected the first width and height to be fixed where the second width is, got a second one alone.", parameter);
        if (MaxMinRatio > 0 && !(LogitBound > 0))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected a ratio of sizes above {Bins - 1} with {Bins} bins, got {MaxMinRatio}."), parameter);
        return this;
    }
}
