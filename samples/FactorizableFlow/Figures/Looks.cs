using System.Globalization;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>Colours, names and levels that all figures share, so that one thing looks the same everywhere.</summary>
internal static class Looks
{
    /// <summary>What the levels of every contour enclose: one, two and three standard deviations of a bivariate normal.</summary>
    public static readonly double[] Fractions = [0.393, 0.865, 0.989];

    /// <summary>The classes by label.</summary>
    public static readonly string[] Classes = ["A", "B"];

    /// <summary>The first features' names as markup.</summary>
    public static readonly string[] XNames = ["$x_1$", "$x_2$"];

    /// <summary>The score's features as markup.</summary>
    public static readonly string[] YNames = ["$y_1$", "$y_2$"];

    /// <summary>Lines of a model over filled truth.</summary>
    public static readonly PlotStyle ModelLine = new(PlotColor.Foreground, Width: 1.3);

    /// <summary>What things were before a nuisance moved them.</summary>
    public static readonly PlotStyle NominalLine = new(PlotColor.Muted, Width: 1.2, Dash: DashStyle.Dashed);

    /// <summary>The colour of a class.</summary>
    public static PlotColor ClassColor(int label) => label == 0 ? PlotColor.Blue : PlotColor.Vermillion;

    /// <summary>A sector's feature names.</summary>
    public static string[] Names(Sector sector) => sector.IsKinematic ? XNames : YNames;

    /// <summary>A feature's plain name, as in file names: x1.</summary>
    public static string PlainName(Sector sector, int feature) =>
        string.Create(CultureInfo.InvariantCulture, $"{sector.Symbol}{feature + 1}");

    /// <summary>A number for a label.</summary>
    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '\u2212');

    /// <summary>A point for a label.</summary>
    public static string Point(IEnumerable<double> values) => $"({string.Join(", ", values.Select(Number))})";

    /// <summary>The symbol of a nuisance: \nu_{shift} where it moves the shift alone, \nu_1 where it is a mixture.</summary>
    public static string Nuisance(GeneratorPoints generator, int nuisance)
    {
        var unit = new double[generator.Nuisances];
        unit[nuisance] = 1;
        var moved = generator.At(unit);
        var changes = new (string Name, bool Moves)[]
        {
            ("shift", moved.VariationShift != generator.Nominal.VariationShift),
            ("rot", moved.VariationRotation != generator.Nominal.VariationRotation),
            ("squeeze", moved.VariationSqueeze != generator.Nominal.VariationSqueeze),
        };
        return changes.Count(change => change.Moves) == 1
            ? $"\\nu_{{{changes.First(change => change.Moves).Name}}}"
            : string.Create(CultureInfo.InvariantCulture, $"\\nu_{nuisance + 1}");
    }
}
