namespace FlowCore.Statistics;

/// <summary>The limit of A² = n ∫ (F_n − F)² / (F (1 − F)) dF, the Anderson-Darling statistic; on n ≥ 5 events it holds without a correction.</summary>
public static class AndersonDarlingDistribution
{
    /// <summary>P(A² &gt; x), the upper tail to some 10⁻¹³ of itself, without a floor.</summary>
    /// <param name="x">The statistic.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double x) => QuadraticLimit.Survival(x, QuadraticLimit.Kind.AndersonDarling, smallest: 0.03);
}
