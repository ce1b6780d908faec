using FactorizableFlow.Generator;
using FactorizableFlow.Training;

namespace FactorizableFlow.Figures;

/// <summary>The smallest loss that a model can have: the mean of −ln p of the truth, and by how much single events scatter about it. Immutable.</summary>
/// <param name="Mean">Mean of −ln p over events and templates, in nats.</param>
/// <param name="Deviation">Standard deviation of −ln p of an event.</param>
internal sealed record TruthEntropy(double Mean, double Deviation)
{
    /// <summary>The entropy over templates drawn equally often; null where it has no closed form.</summary>
    /// <param name="sector">Which density.</param>
    /// <param name="templates">The generator at each template.</param>
    public static TruthEntropy? Of(Sector sector, IReadOnlyList<GeneratorSettings> templates)
    {
        double first = 0;
        double second = 0;
        foreach (var settings in templates)
        {
            var truth = new ToyTruth(settings);
            for (var label = 0; label < 2; label++)
            {
                if (Conditional(sector, truth, label) is not { } part)
                    return null;

                var share = 0.5 / templates.Count;
                first += share * part.Mean;
                second += share * ((part.Deviation * part.Deviation) + (part.Mean * part.Mean));
            }
        }

        return new TruthEntropy(first, Math.Sqrt(Math.Max(0, second - (first * first))));
    }

    // −ln p of a normal distribution in two dimensions is its entropy plus half of a χ² with two degrees of freedom, less its mean: variance 1.
    private static TruthEntropy? Conditional(Sector sector, ToyTruth truth, int label)
    {
        if (sector.IsKinematic)
        {
            var sigma = truth.Class(label).Sigma;
            return new TruthEntropy(1 + Math.Log(2 * Math.PI * sigma.First * sigma.Second), 1);
        }

        return TruthMixture.Of(truth, label).Entropy is { } entropy ? entropy with { Deviation = Math.Sqrt(1 + (entropy.Deviation * entropy.Deviation)) } : null;
    }
}
