using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;

namespace FactorizableFlow.Validation;

/// <summary>The generator at any ν of a residual, so that the truth is known where no template was trained.</summary>
/// <remarks>
/// What ν_k does to the generator's variations (shift, rotation, squeeze) is read from the templates that move ν_k alone, and holds
/// linearly: every other template must agree. Immutable.
/// </remarks>
internal sealed class GeneratorPoints
{
    // Far below any variation that matters, far above the rounding of a config's decimals.
    private const double Agreement = 1e-9;

    private static readonly double[][] _usual =
    [
        [0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5], [0.7, -0.7], [1, 1], [-1, 1], [2, 0], [0, 2],
    ];

    private readonly double[][] _directions;

    private GeneratorPoints(GeneratorSettings nominal, double[][] directions)
    {
        Nominal = nominal;
        _directions = directions;
    }

    /// <summary>The generator at ν = 0.</summary>
    public GeneratorSettings Nominal { get; }

    /// <summary>The number of nuisances.</summary>
    public int Nuisances => _directions.Length;

    /// <summary>Reads the nuisances' meaning from a residual's templates.</summary>
    /// <param name="config">The config the templates are from, for messages.</param>
    /// <param name="nominal">The generator at ν = 0.</param>
    /// <param name="templates">The templates; without any, ν is (ν_shift, ν_squeeze).</param>
    /// <exception cref="ConfigurationException">The templates do not determine the generator at every ν.</exception>
    public static GeneratorPoints FromTemplates(StudyConfig config, GeneratorSettings nominal, IReadOnlyList<SystematicTemplate> templates)
    {
        if (templates.Count == 0)
            return new GeneratorPoints(nominal, [[1, 0, 0], [0, 0, 1]]);

        var origin = Variations(nominal);
        var directions = new double[templates[0].Nuisances.Count][];
        for (var k = 0; k < directions.Length; k++)
        {
            var alone = templates.FirstOrDefault(template => MovesAlone(template, k));
            directions[k] = alone is null
                ? throw new ConfigurationException(
                    $"{config.File}: no template moves nuisance {k} alone, so the true density is not known away from the templates.")
                : [.. Variations(alone.Generator).Zip(origin, (moved, from) => (moved - from) / alone.Nuisances[k])];
        }

        var points = new GeneratorPoints(nominal, directions);
        foreach (var template in templates)
        {
            var expected = points.At(template.Nuisances);
            var agrees = Variations(expected).Zip(Variations(template.Generator), (a, b) => Math.Abs(a - b)).Max() < Agreement
                && WithoutVariations(expected) == WithoutVariations(template.Generator);
            if (!agrees)
            {
                throw new ConfigurationException(
                    $"{config.File}: the template '{template.Name}' is not the nominal generator with its variations moved in proportion to m, so the true density is not known away from the templates.");
            }
        }

        return points;
    }

    /// <summary>The generator at a point.</summary>
    /// <param name="nu">As many numbers as <see cref="Nuisances"/>.</param>
    public GeneratorSettings At(IReadOnlyList<double> nu)
    {
        var variations = Variations(Nominal);
        for (var k = 0; k < _directions.Length; k++)
        {
            for (var i = 0; i < variations.Length; i++)
                variations[i] += nu[k] * _directions[k][i];
        }

        return Nominal with { VariationShift = variations[0], VariationRotation = variations[1], VariationSqueeze = variations[2] };
    }

    /// <summary>Where closure is measured: the config's points, or the usual ones.</summary>
    /// <param name="config">The residuals' config.</param>
    /// <exception cref="ConfigurationException">A point has another number of nuisances, or none are given where there are no usual ones.</exception>
    public IReadOnlyList<double[]> ValidationPoints(StudyConfig config)
    {
        foreach (var point in config.Validation.Points)
        {
            if (point.Length != Nuisances)
                throw new ConfigurationException($"{config.File}: a point of 'validation.points' has {point.Length} numbers, but there are {Nuisances} nuisances.");
        }

        return config.Validation.Points.Count > 0 ? config.Validation.Points
            : Nuisances == 2 ? _usual
            : Nuisances == 1 ? [[0], [1], [-1], [0.5], [-0.5], [2]]
            : throw new ConfigurationException($"{config.File}: for {Nuisances} nuisances there are no usual points; 'validation.points' must list some.");
    }

    private static bool MovesAlone(SystematicTemplate template, int nuisance)
    {
        for (var k = 0; k < template.Nuisances.Count; k++)
        {
            if ((template.Nuisances[k] != 0) != (k == nuisance))
                return false;
        }

        return true;
    }

    private static double[] Variations(GeneratorSettings settings) =>
        [settings.VariationShift, settings.VariationRotation, settings.VariationSqueeze];

    private static GeneratorSettings WithoutVariations(GeneratorSettings settings) =>
        settings with { VariationShift = 0, VariationRotation = 0, VariationSqueeze = 0 };
}
