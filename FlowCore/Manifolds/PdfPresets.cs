using System.Collections.ObjectModel;
using System.Numerics;

namespace FlowCore.Manifolds;

/// <summary>Layers and options that are a good first choice for each space: what one takes before one has reasons for something else.</summary>
/// <remarks>
/// The options of g, t and f are those that the documentation of jammy_flows recommends; as many letters g as there are dimensions, so that the reflections between them can turn every
/// direction, and a full affine layer next to the data. They are starting points: weights of files need the options that they were trained with.
/// </remarks>
public static class PdfPresets
{
    // Fewer layers than this bend too little in one or two dimensions.
    private const int LeastGaussianizations = 3;

    /// <summary>g: mixtures of equal weights, no component wider than 1, so that the tails stay those of the layers around.</summary>
    public static IReadOnlyDictionary<string, OptionValue> Gaussianization { get; } = Options(
        ("fit_normalization", false), ("lower_bound_for_widths", 0.01), ("upper_bound_for_widths", 1.0));

    /// <summary>t: a full triangular matrix.</summary>
    public static IReadOnlyDictionary<string, OptionValue> FullAffine { get; } = Options(("cov_type", "full"));

    /// <summary>m: more components than the default.</summary>
    public static IReadOnlyDictionary<string, OptionValue> Moebius { get; } = Options(("num_basis_functions", 10.0));

    /// <summary>f: smooth splines of zenith and azimuth beside the zoom, with second derivatives everywhere.</summary>
    public static IReadOnlyDictionary<string, OptionValue> Fisher { get; } = Options(
        ("add_vertical_rq_spline_flow", true), ("spline_num_basis_functions", -1.0), ("vertical_smooth", true), ("vertical_fix_first_width_n_height_to_zero", true),
        ("vertical_also_fix_second_width_to_zero", true), ("vertical_independent_width_height_parametrization", true), ("add_circular_rq_spline_flow", true));

    /// <summary>The letters for manifolds: g..gt on R^D, m on the circle, fff on the sphere, rr on intervals, w on simplices, k of categories.</summary>
    /// <param name="manifolds">The manifolds; see <see cref="PdfDefinition"/>.</param>
    /// <returns>The letters, with + between factors.</returns>
    /// <exception cref="ArgumentException">The string is not understood.</exception>
    public static string LayersFor(string manifolds) => string.Join('+', PdfDefinition.ParseManifolds(manifolds).Select(manifold => manifold.Kind switch
    {
        ManifoldKind.Euclidean => new string('g', Math.Max(LeastGaussianizations, manifold.Dimension)) + "t",
        ManifoldKind.Circle => "m",
        ManifoldKind.Sphere => "fff",
        ManifoldKind.Interval => "rr",
        ManifoldKind.Simplex => "w",
        _ => "k",
    }));

    /// <summary>Options with those of the letters that stand in a string; where the options say something of a letter already, that holds.</summary>
    /// <param name="layers">The letters.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <returns>The options.</returns>
    public static PdfOptions OptionsFor(string layers, PdfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        options ??= new PdfOptions();
        var said = options.Layers;
        foreach (var (letter, preset) in ((char, IReadOnlyDictionary<string, OptionValue>)[])[('g', Gaussianization), ('t', FullAffine), ('m', Moebius), ('f', Fisher)])
        {
            if (layers.Contains(letter, StringComparison.Ordinal) && !said.Any(of => of is { Factor: null } && of.Letter == letter))
                options = options with { Layers = [new LayerOverride(letter, preset), .. options.Layers] };
        }

        return options;
    }

    /// <summary>A fresh pdf with the recommended layers.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="manifolds">The manifolds.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The pdf.</returns>
    /// <exception cref="ArgumentException">The string or an option is not understood.</exception>
    public static Pdf<T> Create<T>(string manifolds, PdfOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layers = LayersFor(manifolds);
        return new Pdf<T>(manifolds, layers, OptionsFor(layers, options), device);
    }

    private static ReadOnlyDictionary<string, OptionValue> Options(params ReadOnlySpan<(string Name, OptionValue Value)> options)
    {
        var values = new Dictionary<string, OptionValue>();
        foreach (var (name, value) in options)
            values.Add(name, value);
        return values.AsReadOnly();
    }
}
