using System.Globalization;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>How often a region of a nominal level holds the truth, with its statistical error.</summary>
/// <param name="Level">The nominal level.</param>
/// <param name="Inside">Events inside.</param>
/// <param name="Events">All events.</param>
/// <param name="Lower">The lower end of the 68.27 % interval of Clopper and Pearson for the coverage.</param>
/// <param name="Upper">Its upper end.</param>
public sealed record NominalCoverage(double Level, int Inside, int Events, double Lower, double Upper)
{
    /// <summary>The share of the events inside.</summary>
    public double Observed => (double)Inside / Events;

    /// <summary>Counts.</summary>
    internal static NominalCoverage Of(double level, int inside, int events)
    {
        const double oneDeviation = 0.6826894921370859;
        var (lower, upper) = BinomialDistribution.ClopperPearson(inside, events, oneDeviation);
        return new NominalCoverage(level, inside, events, lower, upper);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{100 * Level:0.00} %: {100 * Observed:0.00} (+{100 * (Upper - Observed):0.00} -{100 * (Observed - Lower):0.00})");
}
