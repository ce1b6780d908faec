namespace FlowCore.Continuous;

/// <summary>How a network sees the point and the time of which it computes a velocity.</summary>
public sealed record VelocityInputs
{
    // More are noise at any step that a solver takes.
    private const int MostFrequencies = 256;

    /// <summary>K, how many sines and cosines of the time there are; 0 for none.</summary>
    public int Frequencies { get; init; } = 3;

    /// <summary>P, the period of the slowest: 1 for sin 2πt.</summary>
    public double Period { get; init; } = 1;

    /// <summary>Whether the time itself is an input.</summary>
    public bool WithTime { get; init; } = true;

    /// <summary>Whether the features are angles, which are seen as sines and cosines.</summary>
    public bool AreAngles { get; init; }

    internal void Check()
    {
        if (Frequencies is < 0 or > MostFrequencies)
            throw new ArgumentOutOfRangeException(nameof(Frequencies), Frequencies, $"Expected 0 to {MostFrequencies} frequencies.");
        if (!(Period > 0 && double.IsFinite(Period)))
            throw new ArgumentOutOfRangeException(nameof(Period), Period, "Expected a finite period above 0.");
    }
}
