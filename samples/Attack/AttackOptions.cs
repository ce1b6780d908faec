namespace Attack;

/// <summary>The settings of an attack. Immutable.</summary>
internal sealed record AttackOptions
{
    /// <summary>How many minutes the whole attack may take; what is begun is finished.</summary>
    public int Minutes { get; init; } = 30;

    /// <summary>How many files at most.</summary>
    public int Mutants { get; init; } = 100_000;

    /// <summary>How many trainings are killed at most.</summary>
    public int Kills { get; init; } = 300;

    /// <summary>The same seed gives the same files; kills depend on the clock as well.</summary>
    public int Seed { get; init; } = 1;
}
