namespace FlowCore.Manifolds;

/// <summary>The names of the arrays of a mixture.</summary>
/// <param name="Centres">m.</param>
/// <param name="Widths">w.</param>
/// <param name="Norms">n.</param>
/// <param name="Skews">l.</param>
internal sealed record MixtureNames(string Centres, string Widths, string Norms, string Skews)
{
    /// <summary>Those of g.</summary>
    public static MixtureNames Gaussianization { get; } = new("kde_means", "kde_log_widths", "kde_log_weights", "kde_log_skew_exponents");

    /// <summary>Those of h.</summary>
    public static MixtureNames Predecessor { get; } = new("datapoints", "log_hs", "log_kde_weights", "skew_exponents");
}
