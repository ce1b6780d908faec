using FlowCore.Fitting;
using FlowCore.Training;

namespace FlowCore.Templates;

/// <summary>What a fit of a response has done, and how far it closes. Immutable.</summary>
/// <param name="Nuisances">The names of the nuisances.</param>
/// <param name="Terms">The terms of the polynomial: "jes", "jes²", "jes·jer".</param>
/// <param name="Base">What the fit of the nominal density has done; null where the density was given.</param>
/// <param name="Training">What the training of the residual came to.</param>
/// <param name="Nominal">How far the base itself is from the nominal events; null where there were none.</param>
/// <param name="Closures">How far each template closes.</param>
/// <param name="Applied">What was applied, a sentence each.</param>
/// <param name="Warnings">What the caller should know, a sentence each; usually empty.</param>
public sealed record ResponseFitResult(
    IReadOnlyList<string> Nuisances,
    IReadOnlyList<string> Terms,
    DensityFitResult? Base,
    TrainingResult Training,
    TemplateClosure? Nominal,
    IReadOnlyList<TemplateClosure> Closures,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Warnings)
{
    /// <summary>A line for everything that was applied, warned of and found of the closure.</summary>
    /// <returns>The lines.</returns>
    public override string ToString() => string.Join(Environment.NewLine, [.. Applied, .. Warnings, .. Closures.Select(closure => closure.ToString())]);
}
