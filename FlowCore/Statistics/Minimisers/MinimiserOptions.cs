namespace FlowCore.Statistics;

/// <summary>When a minimiser ends. Immutable.</summary>
public sealed record MinimiserOptions
{
    /// <summary>The largest component of the gradient at which the point counts as a minimum; in units of the function per unit of a parameter.</summary>
    public double GradientTolerance { get; init; } = 1e-8;

    /// <summary>The most iterations.</summary>
    public int MostIterations { get; init; } = 1000;

    /// <summary>The pairs of steps and gradient changes that L-BFGS remembers.</summary>
    public int Memory { get; init; } = 10;

    /// <summary>The length of Newton's first step at most, in units of the parameters.</summary>
    public double FirstRadius { get; init; } = 1;

    /// <summary>
    /// The rounding of the function, relative to its value: 10⁻¹⁵ for one computed in double; a function of single precision rounds by some 10⁻⁷. Differences below
    /// it are judged by the slope.
    /// </summary>
    public double Rounding { get; init; } = 1e-15;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    internal void Check()
    {
        if (!(GradientTolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(GradientTolerance), GradientTolerance, "Expected a tolerance of at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(MostIterations, nameof(MostIterations));
        ArgumentOutOfRangeException.ThrowIfLessThan(Memory, 1, nameof(Memory));
        if (!(FirstRadius > 0 && double.IsFinite(FirstRadius)))
            throw new ArgumentOutOfRangeException(nameof(FirstRadius), FirstRadius, "Expected a finite radius above 0.");
        if (!(Rounding > 0 && Rounding < 1))
            throw new ArgumentOutOfRangeException(nameof(Rounding), Rounding, "Expected a relative rounding between 0 and 1.");
    }
}
