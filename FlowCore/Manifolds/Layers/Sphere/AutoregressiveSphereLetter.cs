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
        var zenith = UnitLayers<T>.Create(options.Text(ZenithLetters), ZenithLetters, firstIsAtData: true);
        var network = zenith.ParameterCount == 0 ? null : new AmortizableMlpShape(
            2, AmortizableMlpShape.ParseSizes(options.Text(HiddenSizes), HiddenSizes), zenith.ParameterCount, [options.WholeNumber(Rank)], options.WholeNumber(HighwayMode));
        return new AutoregressiveSphereLayer<T>(
            SphereRotation.FromOptions(options, options.Flag(SphereRotation.HasRotation)), zenith, network, options.WholeNumber(Components));
    }
}
