using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;

namespace FactorizableFlow.Training;

/// <summary>
/// Draws half of the score's events with a wider x. The density of y given class and x is the same for any distribution of x;
/// a model that saw the nominal x alone would have to extrapolate in x wherever a nuisance moves or stretches it.
/// </summary>
internal static class ContextWidening
{
    /// <summary>Each template, and behind it its twin with the widths of x multiplied.</summary>
    /// <param name="templates">The templates.</param>
    /// <param name="factor">The factor; 1 gives the templates alone.</param>
    public static IReadOnlyList<SystematicTemplate> Apply(IReadOnlyList<SystematicTemplate> templates, double factor)
    {
        if (factor == 1)
            return templates;

        List<SystematicTemplate> both = [];
        foreach (var template in templates)
        {
            both.Add(template);
            both.Add(template with { Generator = Widened(template.Generator, factor) });
        }

        return both;
    }

    private static GeneratorSettings Widened(GeneratorSettings settings, double factor) => settings with
    {
        SigmaA = new Point2(factor * settings.SigmaA.First, factor * settings.SigmaA.Second),
        SigmaB = new Point2(factor * settings.SigmaB.First, factor * settings.SigmaB.Second),
    };
}
