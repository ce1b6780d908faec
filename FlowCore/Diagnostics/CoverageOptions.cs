using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>What <see cref="ModelDiagnostics.Coverage"/> does. Immutable.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed record CoverageOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>L, the draws of the model for each event; 0 for none, which leaves base coverage and PIT.</summary>
    public int Draws { get; init; } = 511;

    /// <summary>
    /// Intervals in each feature of a grid by which the coverage of the highest density is computed instead of by draws, for models of one or two features: even, at
    /// least 32; 64 leave less than 10⁻³ of content for a density that is smooth at a sixth of a standard deviation of the noise, and
    /// <see cref="CoverageReport.HighestDensityRemark"/> says how much half of the grid changes. 0 for draws.
    /// </summary>
    /// <remarks>Costs (intervals + 1)^D evaluations of the inverse for each event, or once where all events share one condition.</remarks>
    public int HighestDensityGrid { get; init; }

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
        if (HighestDensityGrid != 0)
        {
            if (HighestDensityGrid < 32 || HighestDensityGrid % 2 != 0)
                throw Wrong($"Expected an even number of intervals of at least 32, or 0, got {HighestDensityGrid}.", nameof(HighestDensityGrid));
            if (features > GridContents<T>.MostFeatures || noiseFeatures != features)
                throw Wrong($"Expected a model of one or two features for a grid, got {features} with noise of {noiseFeatures}.", nameof(HighestDensityGrid));
        }

        if (!References.IsEmpty && References.Length != (long)events * features)
            throw Wrong($"Expected a reference of {features} numbers for each of {events} events, got {References.Length} numbers.", nameof(References));
        for (var i = 0; i < References.Length; i++)
        {
            if (!T.IsFinite(References.Span[i]))
                throw Wrong($"Expected references that are finite, got {References.Span[i]} for event {i / features}.", nameof(References));
        }

        if (Strata is { } strata && strata.Events != events)
            throw Wrong($"Expected strata of {events} events, got {strata.Events}.", nameof(Strata));
        NoiseFactor.Check(Factors, noiseFeatures, nameof(Factors));
    }

    private static ArgumentException Wrong(string message, string name) => new(message, name);
}
