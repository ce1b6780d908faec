using FlowCore.Statistics;

namespace FactorizableFlow.Validation;

/// <summary>A comparison of two one-dimensional distributions. Immutable.</summary>
/// <param name="Distance">D: the largest difference of the cumulative distributions, in [0, 1].</param>
/// <param name="Significance">D in units of its scale under equality, 1 / √n: about 0.87 on average, above 1.36 in 5 % of cases.</param>
/// <param name="P">The probability of a distance this large or larger if the distributions are equal.</param>
internal sealed record KolmogorovSmirnov(double Distance, double Significance, double P)
{
    // 1 % of comparisons of equal distributions exceed this times 1 / √n.
    private const double Band = 1.6276;

    /// <summary>What is left of the distance when its 99 % statistical band is taken off; at least 0.</summary>
    public double Excess => Significance > 0 ? Math.Max(0, Distance * (1 - (Band / Significance))) : 0;

    /// <summary>Compares numbers with the uniform distribution on (0, 1).</summary>
    /// <param name="sorted">The numbers in ascending order; at least one.</param>
    public static KolmogorovSmirnov Uniform(ReadOnlySpan<double> sorted)
    {
        double distance = 0;
        for (var i = 0; i < sorted.Length; i++)
            distance = Math.Max(distance, Math.Max(((i + 1.0) / sorted.Length) - sorted[i], sorted[i] - ((double)i / sorted.Length)));

        return Of(distance, sorted.Length);
    }

    /// <summary>Compares two samples.</summary>
    /// <param name="first">In ascending order; at least one.</param>
    /// <param name="second">In ascending order; at least one.</param>
    public static KolmogorovSmirnov TwoSamples(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double distance = 0;
        var i = 0;
        var j = 0;
        while (i < first.Length && j < second.Length)
        {
            // Equal numbers of both samples form one step.
            var at = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] <= at)
                i++;

            while (j < second.Length && second[j] <= at)
                j++;

            distance = Math.Max(distance, Math.Abs(((double)i / first.Length) - ((double)j / second.Length)));
        }

        return Of(distance, (double)first.Length * second.Length / (first.Length + second.Length));
    }

    // The correction for finite n: M. A. Stephens, "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without
    // extensive tables", J. R. Stat. Soc. B 32 (1970).
    private static KolmogorovSmirnov Of(double distance, double n)
    {
        return new KolmogorovSmirnov(distance, distance * Math.Sqrt(n), KolmogorovDistribution.Survival(KolmogorovDistribution.Lambda(distance, n)));
    }
}
