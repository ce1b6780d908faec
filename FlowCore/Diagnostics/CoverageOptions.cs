using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>What <see cref="ModelDiagnostics.Coverage"/> does. Immutable.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed record CoverageOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>L, the draws of the model for each event; 0 for none, which leaves base coverage and PIT.</summary>
    public int Draws { get; init; } = 511;

    /// <summary>The seed of the draws, the references and the order of ties.</summary>
    public ulong Seed { get; init; }

    /// <summary>Bins of the histograms; 0 for 32, or fewer for few events.</summary>
    public int Bins { get; init; }

    /// <summary>Functionals whose ranks are tested beside those of the coordinates, with their names.</summary>
    public IReadOnlyList<(string Name, EventFunctional<T> Functional)> Functionals { get; init; } = [];

    /// <summary>
    /// The reference point of each event for TARP, row-major [n, D]; empty for points drawn uniformly from the box of the events. A model that ignores its
    /// context passes with such blind points; points computed of the context find it.
    /// </summary>
    public ReadOnlyMemory<T> References { get; init; }

    /// <summary>Factors of the noise whose coverage is tested by itself, in the order in which the model makes them, as for a product of spaces.</summary>
    public IReadOnlyList<NoiseFactor> Factors { get; init; } = [];

    /// <summary>A division of the events; null for none.</summary>
    public Strata? Strata { get; init; }

    /// <summary>Checks the numbers.</summary>
    internal void Check(int events, int features, int noiseFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Draws, nameof(Draws));
        ArgumentNullException.ThrowIfNull(Functionals, nameof(Functionals));
        if (Bins != 0)
            ArgumentOutOfRangeException.ThrowIfLessThan(Bins, 2, nameof(Bins));
        if (!References.IsEmpty && References.Length != (long)events * features)
            throw Wrong($"Expected a reference of {features} numbers for each of {events} events, got {References.Length} numbers.", nameof(References));
        if (Strata is { } strata && strata.Events != events)
            throw Wrong($"Expected strata of {events} events, got {strata.Events}.", nameof(Strata));
        NoiseFactor.Check(Factors, noiseFeatures, nameof(Factors));
    }

    private static ArgumentException Wrong(string message, string name) => new(message, name);
}
