using FlowCore.Statistics;

namespace FactorizableFlow.Validation;

/// <summary>A comparison of two one-dimensional distributions. Immutable.</summary>
/// <param name="Distance">D: the largest difference of the cumulative distributions, in [0, 1].</param>
/// <param name="Significance">D in units of its scale under equality, 1 / √n: about 0.87 on average, above 1.36 in 5 % of cases.</param>
/// <param name="P">The probability of a distance this large or larger if the distributions are equal.</param>
internal sealed record KolmogorovSmirnov(double Distance, double Significance, double P)
{
    // 1 % of comparisons of equal distributions exceed this times 1 / √n.
    private static readonly double _band = KolmogorovDistribution.QuantileOfSurvival(0.01);

    /// <summary>What is left of the distance when its 99 % statistical band is taken off; at least 0.</summary>
    public double Excess => Significance > 0 ? Math.Max(0, Distance * (1 - (_band / Significance))) : 0;

    /// <summary>Of a test.</summary>
    /// <param name="distance">D.</param>
    /// <param name="p">Its p-value.</param>
    /// <param name="events">n; n₁n₂/(n₁ + n₂) for two samples.</param>
    public static KolmogorovSmirnov Of(double distance, double p, double events) => new(distance, distance * Math.Sqrt(events), p);
}
