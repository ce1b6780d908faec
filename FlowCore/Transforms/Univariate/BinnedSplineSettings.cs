namespace FlowCore.Transforms;

/// <summary>The constants of a linear, quadratic or cubic spline: K bins on an interval that is mapped onto itself.</summary>
/// <param name="Bins">K, at least 2.</param>
/// <param name="Bound">B &gt; 0: the interval is [−B, B], unless other ends are given.</param>
public readonly record struct BinnedSplineSettings(int Bins, double Bound = 5.0)
{
    private readonly double? _lower;
    private readonly double? _upper;

    /// <summary>The lower end of the interval; −B unless set.</summary>
    public double Lower
    {
        get => _lower ?? -Bound;
        init => _lower = value;
    }

    /// <summary>The upper end of the interval; B unless set.</summary>
    public double Upper
    {
        get => _upper ?? Bound;
        init => _upper = value;
    }

    /// <summary>What is outside: the identity (<see cref="SplineTails.Linear"/>) or nothing (<see cref="SplineTails.None"/>).</summary>
    public SplineTails Tails { get; init; }

    /// <summary>m, the least width and height of a bin as a part of the interval, in (0, 1/K); a linear spline has none.</summary>
    public double MinimumSize { get; init; } = 1e-3;

    /// <summary>
    /// What multiplies the raw sizes before all else: 1, or 1/√H where a network of H hidden units gives them and they are to be of
    /// order one, as in nflows' couplings.
    /// </summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>A spline on [0, 1], with nothing outside.</summary>
    /// <param name="bins">K, at least 2.</param>
    /// <returns>The settings.</returns>
    public static BinnedSplineSettings Unit(int bins) => new(bins) { Lower = 0, Upper = 1, Tails = SplineTails.None };

    /// <summary>Refuses settings that make no spline.</summary>
    /// <param name="parameter">The name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other.</exception>
    internal void Check(string parameter)
    {
        if (Bins < 2)
            throw new ArgumentException($"Expected at least 2 bins, got {Bins}.", parameter);
        if (!(Bound > 0 && double.IsFinite(Bound)))
            throw new ArgumentException($"Expected a positive finite bound, got {Bound}.", parameter);
        if (!(double.IsFinite(Lower) && double.IsFinite(Upper) && Lower < Upper))
            throw new ArgumentException($"Expected an interval with finite ends, the lower one first, got {Lower} and {Upper}.", parameter);
        if (Tails is not (SplineTails.Linear or SplineTails.None))
            throw new ArgumentException($"Expected linear tails or none, got {Tails}.", parameter);
        if (!(MinimumSize > 0 && MinimumSize * Bins < 1))
            throw new ArgumentException($"Expected a least size above 0 and below 1/{Bins}, got {MinimumSize}.", parameter);
        if (!(LogitScale > 0 && double.IsFinite(LogitScale)))
            throw new ArgumentException($"Expected a positive finite scale of the raw sizes, got {LogitScale}.", parameter);
    }
}
