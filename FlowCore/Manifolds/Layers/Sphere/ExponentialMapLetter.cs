namespace FlowCore.Manifolds;

/// <summary>v: the exponential map of a potential on the sphere.</summary>
internal sealed class ExponentialMapLetter : LayerLetter
{
    private const string Components = "num_components";
    private const string Kind = "exp_map_type";
    private const string Means = "mean_parametrization";
    private const string ByVector = "old";
    private const string ByReflections = "householder";
    private const string IsNatural = "natural_direction";

    private static readonly string[] _kinds = ["exponential", "linear", "quadratic", "splines"];

    /// <inheritdoc/>
    public override char Letter => 'v';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.WholeNumber(Components, 10, least: 1),
        LayerOption.Choice(Kind, _kinds),
        LayerOption.Choice(Means, ByVector, ByReflections),
        LayerOption.Flag(IsNatural, false),
        LayerOption.Flag(SphereRotation.HasRotation, false),
        .. SphereRotation.Options,
        LayerOption.Ignored("max_num_newton_iter"),
        LayerOption.Ignored("exact_mode"),
        LayerOption.Ignored("subspace_mapping"),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Sphere;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new ExponentialMapLayer<T>(
        SphereRotation.FromOptions(options, options.Flag(SphereRotation.HasRotation)), options.WholeNumber(Components),
        (PotentialKind)Array.IndexOf(_kinds, options.Text(Kind)), options.Text(Means) == ByReflections, options.Flag(IsNatural));
}
