namespace FactorizableFlow.Validation;

/// <summary>Which file a model came from. Immutable.</summary>
/// <param name="Model">"kin", "score", "kin_residual" or "score_residual".</param>
/// <param name="File">The file.</param>
/// <param name="ContentHash">SHA-256 of a base flow's architecture and numbers; of a residual's base for a residual.</param>
internal sealed record ModelSummary(string Model, string File, string ContentHash);
