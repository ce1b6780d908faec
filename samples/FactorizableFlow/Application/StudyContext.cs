namespace FactorizableFlow.Application;

/// <summary>What every verb is given: where to report, and when to stop.</summary>
/// <param name="Reporter">Takes lines, tables and progress.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
public sealed record StudyContext(ConsoleReporter Reporter, CancellationToken Cancellation);
