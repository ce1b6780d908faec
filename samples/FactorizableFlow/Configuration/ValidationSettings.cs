namespace FactorizableFlow.Configuration;

/// <summary>Section validation: where and on how many events closure is measured. Immutable.</summary>
public sealed record ValidationSettings
{
    /// <summary>Fresh events a point; at least 2.</summary>
    public int Events { get; init; } = 200_000;

    /// <summary>Points (ν_shift, ν_squeeze); empty for the usual ones.</summary>
    public IReadOnlyList<double[]> Points { get; init; } = [];
}
