namespace FlowCore.Compute;

/// <summary>The constants of a monotonic rational-quadratic spline (Durkan et al. 2019).</summary>
/// <remarks>
/// <para>
/// With the constructor's arguments alone it is zuko's spline: K bins on (−B, B], the identity outside, and 3K − 1
/// unconstrained parameters a feature: K widths, K heights, K − 1 inner slopes. The properties give it other bounds,
/// another parametrisation, other ends and other tails.
/// </para>
/// <para>The raw parameters of a feature are K widths, K heights, then the slopes in the order of the knots.</para>
/// </remarks>
/// <param name="Bins">K, the number of bins, at least 2.</param>
/// <param name="Bound">B &gt; 0: the spline maps [−B, B] to itself, unless other bounds are given.</param>
/// <param name="Slope">
/// S in (0, 1), of <see cref="SplineParametrization.Limited"/> alone: no bin is steeper than 1/S or flatter than S by more than
/// the parametrisation allows.
/// </param>
public readonly record struct SplineSettings(int Bins, double Bound = 5.0, double Slope = 1e-3)
{
    private readonly double? _lower;
    private readonly double? _upper;
    private readonly double? _lowerImage;
    private readonly double? _upperImage;

    /// <summary>How raw numbers become bins and slopes.</summary>
    public SplineParametrization Parametrization { get; init; }

    /// <summary>Where the slopes at the ends come from.</summary>
    public SplineEnds Ends { get; init; }

    /// <summary>What is outside.</summary>
    public SplineTails Tails { get; init; }

    /// <summary>The lower end of the interval of the arguments; −B unless set.</summary>
    public double Lower
    {
        get => _lower ?? -Bound;
        init => _lower = value;
    }

    /// <summary>The upper end of the interval of the arguments; B unless set.</summary>
    public double Upper
    {
        get => _upper ?? Bound;
        init => _upper = value;
    }

    /// <summary>The value at <see cref="Lower"/>, which it is unless set.</summary>
    public double LowerImage
    {
        get => _lowerImage ?? Lower;
        init => _lowerImage = value;
    }

    /// <summary>The value at <see cref="Upper"/>, which it is unless set.</summary>
    public double UpperImage
    {
        get => _upperImage ?? Upper;
        init => _upperImage = value;
    }

    /// <summary>The slope at the lower end, positive; used where the ends are <see cref="SplineEnds.Given"/>.</summary>
    public double LowerSlope { get; init; } = 1;

    /// <summary>The slope at the upper end, positive; used where the ends are <see cref="SplineEnds.Given"/>.</summary>
    public double UpperSlope { get; init; } = 1;

    /// <summary>The least width as a part of the interval, in (0, 1/K); of <see cref="SplineParametrization.Softmax"/> alone.</summary>
    public double MinimumWidth { get; init; } = 1e-3;

    /// <summary>The least height as a part of the interval of values, in (0, 1/K); of <see cref="SplineParametrization.Softmax"/> alone.</summary>
    public double MinimumHeight { get; init; } = 1e-3;

    /// <summary>The least slope at a knot, positive; of <see cref="SplineParametrization.Softmax"/> alone.</summary>
    public double MinimumSlope { get; init; } = 1e-3;

    /// <summary>
    /// What multiplies the raw widths and heights (not the slopes) before all else: 1, or 1/√H where a network of H hidden units gives
    /// them and they are to be of order one, as in nflows' couplings; of <see cref="SplineParametrization.Softmax"/> alone.
    /// </summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>How many parameters a feature takes: 3K − 1, with free ends 3K + 1, with tied ends 3K.</summary>
    public int ParametersPerFeature => (2 * Bins) + Slopes;

    /// <summary>How many of them are slopes.</summary>
    internal int Slopes => Ends switch
    {
        SplineEnds.Free => Bins + 1,
        SplineEnds.Tied => Bins,
        _ => Bins - 1,
    };

    /// <summary>Whether the map is the identity outside the interval, to the bit.</summary>
    internal bool IsIdentityOutside => Tails == SplineTails.Linear && Ends == SplineEnds.Given && LowerSlope == 1 && UpperSlope == 1
        && Lower == LowerImage && Upper == UpperImage;

    /// <summary>Refuses settings that make no spline.</summary>
    /// <param name="parameter">The name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other.</exception>
    internal void Check(string parameter)
    {
        if (Bins < 2)
            throw new ArgumentException($"Expected at least 2 bins, got {Bins}.", parameter);
        if (!(Bound > 0 && double.IsFinite(Bound)))
            throw new ArgumentException($"Expected a positive finite bound, got {Bound}.", parameter);
        if (!(Slope > 0 && Slope < 1))
            throw new ArgumentException($"Expected a slope between 0 and 1, got {Slope}.", parameter);
        CheckInterval("arguments", Lower, Upper, parameter);
        CheckInterval("values", LowerImage, UpperImage, parameter);
        if (!(LowerSlope > 0 && double.IsFinite(LowerSlope) && UpperSlope > 0 && double.IsFinite(UpperSlope)))
            throw new ArgumentException($"Expected positive, finite slopes at the ends, got {LowerSlope} and {UpperSlope}.", parameter);
        if (!Enum.IsDefined(Parametrization))
            throw new ArgumentException($"Expected a parametrisation, got {Parametrization}.", parameter);
        if (!Enum.IsDefined(Ends))
            throw new ArgumentException($"Expected a kind of ends, got {Ends}.", parameter);
        if (!Enum.IsDefined(Tails))
            throw new ArgumentException($"Expected a kind of tails, got {Tails}.", parameter);
        if (Tails == SplineTails.Circular && !(Ends == SplineEnds.Tied || (Ends == SplineEnds.Given && LowerSlope == UpperSlope)))
            throw new ArgumentException($"Expected ends of the same slope, tied or given, on a circle, got {Ends} with {LowerSlope} and {UpperSlope}.", parameter);
        if (Parametrization != SplineParametrization.Softmax)
            return;
        CheckMinimum("width", MinimumWidth, parameter);
        CheckMinimum("height", MinimumHeight, parameter);
        if (!(MinimumSlope > 0 && double.IsFinite(MinimumSlope)))
            throw new ArgumentException($"Expected a positive, finite least slope, got {MinimumSlope}.", parameter);
        if (!(LogitScale > 0 && double.IsFinite(LogitScale)))
            throw new ArgumentException($"Expected a positive, finite scale of the raw sizes, got {LogitScale}.", parameter);
    }

    private static void CheckInterval(string what, double lower, double upper, string parameter)
    {
        if (!(double.IsFinite(lower) && double.IsFinite(upper) && lower < upper))
            throw new ArgumentException($"Expected an interval of {what} with finite ends, the lower one first, got {lower} and {upper}.", parameter);
    }

    private void CheckMinimum(string what, double value, string parameter)
    {
        if (!(value > 0 && value * Bins < 1))
            throw new ArgumentException($"Expected a least {what} above 0 and below 1/{Bins}, got {value}.", parameter);
    }
}
