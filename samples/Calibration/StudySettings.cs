namespace Calibration;

/// <summary>How much a study computes.</summary>
internal sealed record StudySettings
{
    /// <summary>Sets of events.</summary>
    public int Repetitions { get; init; } = 1000;

    /// <summary>Events of a set.</summary>
    public int Events { get; init; } = 1000;

    /// <summary>Draws for each event.</summary>
    public int Draws { get; init; } = 127;

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether classifiers are trained, two a set.</summary>
    public bool Classifier { get; init; }
}
