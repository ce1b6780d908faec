namespace FlowCore.Continuous;

/// <summary>How closely a solve of adaptive steps follows the equation.</summary>
public sealed record AdaptiveOptions
{
    /// <summary>The error of a step that is accepted, as a part of the numbers.</summary>
    public double RelativeTolerance { get; init; } = 1e-9;

    /// <summary>The error that is accepted of small numbers.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-9;

    /// <summary>The most steps of a row, at least 1.</summary>
    public int MostSteps { get; init; } = 10_000;

    internal void Check()
    {
        if (!(RelativeTolerance >= 0 && AbsoluteTolerance >= 0 && RelativeTolerance + AbsoluteTolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(RelativeTolerance), RelativeTolerance, "Expected tolerances of at least 0 that are not both 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MostSteps, 1);
    }
}
