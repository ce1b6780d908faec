namespace FlowCore.Continuous;

/// <summary>What a solve of adaptive steps came to.</summary>
/// <param name="LogDensity">ln q of each row.</param>
/// <param name="Noise">Where each row's path ends, row-major.</param>
/// <param name="Steps">The accepted steps of each row.</param>
/// <param name="Rejected">The steps of each row that were made again with a shorter one.</param>
public sealed record AdaptiveResult(IReadOnlyList<double> LogDensity, IReadOnlyList<double> Noise, IReadOnlyList<int> Steps, IReadOnlyList<int> Rejected)
{
    /// <inheritdoc/>
    public override string ToString() => $"{LogDensity.Count} rows, at most {Steps.DefaultIfEmpty().Max()} steps, {Rejected.Sum()} rejected";
}
