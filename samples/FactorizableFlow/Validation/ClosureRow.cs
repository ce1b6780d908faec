namespace FactorizableFlow.Validation;

/// <summary>How far a model is from the truth at one point, on fresh events: one entry of closure.json. Immutable.</summary>
/// <param name="Model">"kin", "score", "kin_residual" or "score_residual".</param>
/// <param name="Nu">The point ν; for a base flow the nominal generator's (ν_shift, ν_squeeze).</param>
/// <param name="Events">How many events.</param>
/// <param name="TruthNll">Mean of −log p_truth, in nats.</param>
/// <param name="ModelNll">Mean of −log p_model, in nats.</param>
/// <param name="Kl">KL(truth ‖ model): the mean of log p_truth − log p_model on the same events, in nats.</param>
/// <param name="KlSe">Standard error of <paramref name="Kl"/>: the differences' standard deviation over √events.</param>
internal sealed record ClosureRow(
    string Model, IReadOnlyList<double> Nu, long Events, double TruthNll, double ModelNll, double Kl, double KlSe);
