namespace FactorizableFlow.Validation;

/// <summary>
/// The probability integral transform of events under a model: u_j = Φ(z_j), z the noise the model maps an event to. If the model is
/// the truth, the u_j are uniform on (0, 1), independent of each other and of the context. Immutable.
/// </summary>
/// <param name="Components">Each u_j against the uniform distribution.</param>
/// <param name="LargestPulls">For each u_j the largest deviation of its cumulative distribution at the percentiles 1 to 99, in units of its standard error.</param>
/// <param name="ChiSquare">χ² of the counts in equal cells of the (u_1, u_2) square, per class.</param>
/// <param name="DegreesOfFreedom">Of the χ².</param>
/// <param name="P">The probability of a χ² this large or larger under the truth.</param>
/// <param name="RootMeanSquare">Relative deviation of the cells' populations beyond counting statistics, root mean square.</param>
internal sealed record PitResult(
    IReadOnlyList<KolmogorovSmirnov> Components,
    IReadOnlyList<double> LargestPulls,
    double ChiSquare,
    int DegreesOfFreedom,
    double P,
    double RootMeanSquare);
