namespace FlowCore.Fields;

/// <summary>How long a <see cref="Denoiser{T}"/> searches and samples. Immutable.</summary>
public sealed record DenoiserOptions
{
    /// <summary>The most steps of L-BFGS; each takes one evaluation of the density and its gradient, rarely more.</summary>
    public int MostIterations { get; init; } = 300;

    /// <summary>The largest component of the gradient of −ln p at which a field counts as the most probable one; in single precision it cannot be much below 10⁻³.</summary>
    public double GradientTolerance { get; init; } = 1e-3;

    /// <summary>The steps of a Hamiltonian trajectory.</summary>
    public int Leapfrogs { get; init; } = 12;

    /// <summary>The trajectories in which the length of a step is found, for each field by itself.</summary>
    public int WarmUp { get; init; } = 60;

    /// <summary>The trajectories behind them whose ends are averaged.</summary>
    public int Kept { get; init; } = 200;

    /// <summary>The share of trajectories to accept, to which the length of a step is tuned.</summary>
    public double Acceptance { get; init; } = 0.7;

    /// <summary>The seed of the trajectories; those of field i depend on the seed and on i alone.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MostIterations, nameof(MostIterations));
        ArgumentOutOfRangeException.ThrowIfLessThan(Leapfrogs, 1, nameof(Leapfrogs));
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUp, nameof(WarmUp));
        ArgumentOutOfRangeException.ThrowIfLessThan(Kept, 1, nameof(Kept));
        if (!(Acceptance > 0 && Acceptance < 1))
            throw new ArgumentOutOfRangeException(nameof(Acceptance), Acceptance, "Expected a share between 0 and 1.");
        if (!(GradientTolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(GradientTolerance), GradientTolerance, "Expected a tolerance of at least 0.");
    }
}
