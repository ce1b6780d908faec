namespace FactorizableFlow.Validation;

/// <summary>Everything measured about the models of one pair of configs: what tables, files and figures are made of. Immutable.</summary>
/// <param name="Version">Version of the library.</param>
/// <param name="Config">The config of the base flows, as named by the user.</param>
/// <param name="SystematicsConfig">The config of the residuals, or null.</param>
/// <param name="Models">The model files.</param>
/// <param name="Seed">Seed of the fresh events.</param>
/// <param name="Events">Events a point.</param>
/// <param name="Limits">Name of the limits.</param>
/// <param name="ClosureRule">How closure is judged.</param>
/// <param name="SamplingRule">How samples and quantiles are judged.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="ElapsedSeconds">How long it took.</param>
/// <param name="Points">The results, base flows first.</param>
internal sealed record StudyResults(
    string Version,
    string Config,
    string? SystematicsConfig,
    IReadOnlyList<ModelSummary> Models,
    ulong Seed,
    long Events,
    string Limits,
    string ClosureRule,
    string SamplingRule,
    string Device,
    double ElapsedSeconds,
    IReadOnlyList<PointResult> Points)
{
    /// <summary>Whether no row is above its limit and every sampling check holds.</summary>
    public bool Passed => Points.All(point => point.WithinLimit != false && point.Sampling.Passed);
}
