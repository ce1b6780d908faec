namespace FlowCore.Transforms;

/// <summary>The constants of a Bernstein polynomial.</summary>
/// <param name="Coefficients">n, how many raw parameters a feature has, at least 2.</param>
/// <param name="Bound">B &gt; 0: the polynomial is on [−B, B].</param>
public readonly record struct BernsteinSettings(int Coefficients = 17, double Bound = 5.0)
{
    /// <summary>The settings of zuko's BPF.</summary>
    public BernsteinSettings()
        : this(17)
    {
    }

    /// <summary>
    /// Whether the interval is mapped onto itself, with slope 1 and curvature 0 at its ends and the identity outside; otherwise the ends may
    /// go anywhere and the polynomial continues as straight lines.
    /// </summary>
    public bool IsBounded { get; init; } = true;

    /// <summary>
    /// ε, in [0, ½): the tails begin at this part of the interval inside its ends. 0 for flows of one's own; zuko has 10⁻⁶, and its bounded
    /// form steps by 2Bε there, which is followed for its files.
    /// </summary>
    public double TailOffset { get; init; }

    /// <summary>M, the degree.</summary>
    internal int Degree => IsBounded ? Coefficients + 4 : Coefficients + 1;

    /// <summary>Refuses settings that make no polynomial.</summary>
    /// <param name="parameter">The name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Check(string parameter)
    {
        if (Coefficients < 2)
            throw new ArgumentException($"Expected at least 2 coefficients, got {Coefficients}.", parameter);
        if (!(Bound > 0 && double.IsFinite(Bound)))
            throw new ArgumentException($"Expected a positive finite bound, got {Bound}.", parameter);
        if (!(TailOffset >= 0 && TailOffset < 0.5))
            throw new ArgumentException($"Expected an offset of the tails of at least 0 and below 1/2, got {TailOffset}.", parameter);
    }
}
