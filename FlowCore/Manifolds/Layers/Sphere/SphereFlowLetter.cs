using FlowCore.Continuous;
using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>c: the flow of an ordinary differential equation on the sphere.</summary>
internal sealed class SphereFlowLetter : LayerLetter
{
    private const string HiddenSizes = "cnf_network_hidden_dims";
    private const string Rank = "cnf_network_rank";
    private const string HighwayMode = "cnf_network_highway_mode";
    private const string Solver = "solver";
    private const string Steps = "steps";

    /// <inheritdoc/>
    public override char Letter => 'c';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.Flag(SphereRotation.HasRotation, false),
        .. SphereRotation.Options,
        LayerOption.OfText(HiddenSizes, "32"),
        LayerOption.WholeNumber(Rank, -1, least: -1),
        LayerOption.WholeNumber(HighwayMode, 0, least: 0, most: 4),
        LayerOption.Choice(Solver, RungeKutta.DormandPrince.Name, RungeKutta.Classical.Name),
        LayerOption.WholeNumber(Steps, 32, least: 1),
        LayerOption.Ignored("num_charts"),
        LayerOption.Ignored("step_size"),
        LayerOption.Ignored("rtol"),
        LayerOption.Ignored("atol"),
        LayerOption.Ignored("exact_mode"),
        LayerOption.Ignored("subspace_mapping"),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Sphere;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        var network = new AmortizableMlpShape(
            4, AmortizableMlpShape.ParseSizes(options.Text(HiddenSizes), HiddenSizes), 3, [options.WholeNumber(Rank)], options.WholeNumber(HighwayMode));
        var method = options.Text(Solver) == RungeKutta.Classical.Name ? RungeKutta.Classical : RungeKutta.DormandPrince;
        return new SphereFlowLayer<T>(SphereRotation.FromOptions(options, options.Flag(SphereRotation.HasRotation)), network, method, options.WholeNumber(Steps));
    }
}
