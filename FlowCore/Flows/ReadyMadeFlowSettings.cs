using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>What all ready-made flows have in common.</summary>
public abstract record ReadyMadeFlowSettings
{
    /// <summary>D, the number of features, at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>The seed of the fresh numbers and of all that is drawn at random.</summary>
    public ulong Seed { get; init; }

    /// <summary>A fixed shift and scale applied to the data first, or null.</summary>
    public LocationScale? Standardization { get; init; }

    /// <summary>Refuses settings that make no flow.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal virtual void Check()
    {
        if (Features < 1)
            throw Unexpected($"Expected at least 1 feature, got {Features}.");
        if (ContextFeatures < 0)
            throw Unexpected($"Expected 0 or more context features, got {ContextFeatures}.");
        if (Standardization is { } standardization && standardization.Location.Count != Features)
            throw Unexpected($"Expected a standardization of {Features} features, got one of {standardization.Location.Count}.");
    }

    /// <summary>The error of settings that make no flow: the argument of all ready-made flows has this name.</summary>
    private protected static ArgumentException Unexpected(string message, string parameter = "settings") => new(message, parameter);
}
