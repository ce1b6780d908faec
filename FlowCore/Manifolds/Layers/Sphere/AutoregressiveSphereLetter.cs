using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>n: the autoregressive layer of the sphere.</summary>
internal sealed class AutoregressiveSphereLetter : LayerLetter
{
    private const string Components = "num_basis_functions";
    private const string ZenithLetters = "zenith_type_layers";
    private const string HiddenSizes = "hidden_dims";
    private const string Rank = "max_rank";
    private const string HighwayMode = "highway_mode";

    // What letters of real numbers have there beside their defaults: none an offset, and mixtures narrow widths.
    private static readonly Dictionary<string, OptionValue> _onTheLine = new()
    {
        ["skip_model_offset"] = 1,
        ["cov_type"] = "full",
    };

    private static readonly Dictionary<string, OptionValue> _ofMixtures = new(_onTheLine)
    {
        ["lower_bound_for_widths"] = 0.01,
        ["upper_bound_for_widths"] = 1,
        ["fit_normalization"] = 0,
        ["inverse_function_type"] = "isigmoid",
        ["replace_first_sigmoid_with_icdf"] = 0,
    };

    private static readonly Dictionary<string, OptionValue> _onTheInterval = [];

    /// <inheritdoc/>
    public override char Letter => 'n';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.Flag(SphereRotation.HasRotation, true),
        .. SphereRotation.Options,
        LayerOption.WholeNumber(Components, 10, least: 1),
        LayerOption.OfText(ZenithLetters, "r"),
        LayerOption.OfText(HiddenSizes, "64"),
        LayerOption.WholeNumber(Rank, -1, least: -1),
        LayerOption.WholeNumber(HighwayMode, 0, least: 0, most: 4),
        LayerOption.Ignored("max_num_newton_iter"),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Sphere;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        var letters = options.Text(ZenithLetters);
        var isReal = letters.Length > 0 && LayerLetters.Find(Manifold.Interval(), letters[0]) is null;
        var zenith = LayerSeries<T>.Create(
            isReal ? Manifold.Euclidean(1) : Manifold.Interval(), letters, ZenithLetters,
            position => !isReal ? _onTheInterval : letters[position] is 'g' or 'h' ? _ofMixtures : _onTheLine, firstIsAtData: true);
        var network = zenith.ParameterCount == 0 ? null : new AmortizableMlpShape(
            2, AmortizableMlpShape.ParseSizes(options.Text(HiddenSizes), HiddenSizes), zenith.ParameterCount, [options.WholeNumber(Rank)], options.WholeNumber(HighwayMode));
        return new AutoregressiveSphereLayer<T>(
            SphereRotation.FromOptions(options, options.Flag(SphereRotation.HasRotation)), zenith, isReal, network, options.WholeNumber(Components));
    }
}
