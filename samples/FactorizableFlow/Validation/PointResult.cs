namespace FactorizableFlow.Validation;

/// <summary>Everything measured for one model at one point. Immutable.</summary>
/// <param name="Closure">The comparison of densities.</param>
/// <param name="Limit">What the KL is held against, or null.</param>
/// <param name="WithinLimit">Whether it holds, or null without a limit.</param>
/// <param name="Sampling">The comparison of samples and quantiles.</param>
/// <param name="ElapsedSeconds">How long it took.</param>
internal sealed record PointResult(ClosureRow Closure, ClosureLimit? Limit, bool? WithinLimit, SamplingResult Sampling, double ElapsedSeconds);
