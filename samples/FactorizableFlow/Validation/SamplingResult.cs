namespace FactorizableFlow.Validation;

/// <summary>How a model's samples and quantiles compare with the generator at one point. Immutable.</summary>
/// <param name="Events">Events of the generator, and as many of the model.</param>
/// <param name="Pit">The probability integral transform of the generator's events.</param>
/// <param name="Marginals">For each feature, the model's samples against the generator's events.</param>
/// <param name="Energy">The multivariate test of features and context together, on the first events of both.</param>
internal sealed record SamplingResult(int Events, PitResult Pit, IReadOnlyList<KolmogorovSmirnov> Marginals, EnergyResult Energy)
{
    /// <summary>The largest share of events by which a cumulative distribution may be off.</summary>
    public const double LargestShare = 0.01;

    /// <summary>The largest relative deviation of the populations of cells of the PIT.</summary>
    public const double LargestRootMeanSquare = 0.05;

    /// <summary>The largest energy coefficient: about that of a shift of every feature by a tenth of its width.</summary>
    public const double LargestCoefficient = 0.003;

    /// <summary>Random relabellings of the energy test beside the true labels: its p-values are multiples of 1/200.</summary>
    public const int Permutations = 199;

    /// <summary>How the verdict is reached, for people who read it.</summary>
    public const string Criterion =
        "With this many events the tests see deviations far below what an analysis could notice, so the verdict is by size, not by p-value: "
        + "no cumulative distribution (of a quantile or of a feature) may be off by more than 1 % of the events beyond its 99 % band, "
        + "no cell population of the quantiles by more than 5 % (rms), and the energy coefficient may not exceed 0.003 with p at its smallest.";

    /// <summary>Whether every deviation is small enough.</summary>
    public bool Passed =>
        Pit.Components.All(test => test.Excess <= LargestShare)
        && Marginals.All(test => test.Excess <= LargestShare)
        && Pit.RootMeanSquare <= LargestRootMeanSquare
        && (Energy.Coefficient <= LargestCoefficient || Energy.P > 1.0 / (Permutations + 1));
}
