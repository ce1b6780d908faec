namespace FlowCore.Continuous;

/// <summary>How a continuous flow is solved.</summary>
public sealed record ContinuousSettings
{
    // A plan has two objects for each step.
    private const int MostSteps = 1 << 14;

    /// <summary>Where the points live.</summary>
    public FlowSpace Space { get; init; }

    /// <summary>The method.</summary>
    public FlowSolver Solver { get; init; } = FlowSolver.DormandPrince;

    /// <summary>N, the steps from one end to the other, at least 1.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The divergence while a flow is trained by maximum likelihood.</summary>
    public FlowDivergence Divergence { get; init; }

    /// <summary>How a solve is differentiated.</summary>
    public FlowGradient Gradient { get; init; }

    /// <summary>Whether data are at t = 0 and noise at t = 1, as in libraries whose flows run from data to noise; otherwise the noise is at t = 0.</summary>
    public bool DataFirst { get; init; }

    internal void Check()
    {
        if (!Enum.IsDefined(Space))
            throw new ArgumentOutOfRangeException(nameof(Space), Space, "There is no such space.");
        if (!Enum.IsDefined(Solver))
            throw new ArgumentOutOfRangeException(nameof(Solver), Solver, "There is no such solver.");
        if (!Enum.IsDefined(Divergence))
            throw new ArgumentOutOfRangeException(nameof(Divergence), Divergence, "There is no such divergence.");
        if (!Enum.IsDefined(Gradient))
            throw new ArgumentOutOfRangeException(nameof(Gradient), Gradient, "There is no such gradient.");
        CheckSteps(Steps);
    }

    internal static int CheckSteps(int steps) => steps is >= 1 and <= MostSteps
        ? steps
        : throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Expected 1 to {MostSteps} steps.");
}
