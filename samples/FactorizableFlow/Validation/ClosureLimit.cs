namespace FactorizableFlow.Validation;

/// <summary>What a model's KL is held against. Immutable.</summary>
/// <param name="Kl">The bound, in nats.</param>
/// <param name="StandardError">Its statistical error where it was measured, 0 where it was set.</param>
internal sealed record ClosureLimit(double Kl, double StandardError);
