namespace Tables;

/// <summary>Which columns of a table a model is trained on. Immutable.</summary>
/// <param name="Features">The columns of the features, at least one.</param>
public sealed record TableColumns(IReadOnlyList<int> Features)
{
    /// <summary>The columns of the context; empty for none.</summary>
    public IReadOnlyList<int> Context { get; init; } = [];

    /// <summary>The columns of the nuisances; empty for none.</summary>
    public IReadOnlyList<int> Nuisances { get; init; } = [];

    /// <summary>The column of the weights, at least 0; null for ones.</summary>
    public int? Weight { get; init; }

    /// <summary>All of them in the order in which a row holds them: features, context, nuisances, weight.</summary>
    internal int[] All => Weight is { } weight ? [.. Features, .. Context, .. Nuisances, weight] : [.. Features, .. Context, .. Nuisances];
}
