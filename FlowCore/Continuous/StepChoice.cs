namespace FlowCore.Continuous;

/// <summary>A number of steps and what it leaves.</summary>
/// <param name="Steps">The number.</param>
/// <param name="Change">The largest change of a row's ln q against twice as many, in nats.</param>
public readonly record struct StepChoice(int Steps, double Change);
