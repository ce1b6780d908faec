namespace FlowCore.Manifolds;

/// <summary>m: a mean of Möbius maps of the circle.</summary>
internal sealed class MoebiusLetter : LayerLetter
{
    private const string Components = "num_basis_functions";
    private const string IsNatural = "natural_direction";
    private const string HasTurn = "add_rotation";

    /// <inheritdoc/>
    public override char Letter => 'm';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.WholeNumber(Components, 5, least: 1),
        LayerOption.Flag(IsNatural, false),
        LayerOption.Flag(HasTurn, false),
        LayerOption.Ignored("max_num_newton_iter"),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Circle;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) =>
        new MoebiusLayer<T>(options.WholeNumber(Components), options.Flag(IsNatural), options.Flag(HasTurn));
}
