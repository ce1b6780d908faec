namespace FlowCore.Manifolds;

/// <summary>o: a rational-quadratic spline of the circle.</summary>
internal sealed class CircularSplineLetter : LayerLetter
{
    /// <summary>Whether the evaluation is the inverse of the spline.</summary>
    public const string IsNatural = "natural_direction";

    /// <summary>Whether there is a turn.</summary>
    public const string HasTurn = "add_rotation";

    /// <inheritdoc/>
    public override char Letter => 'o';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        .. SplineOptions.All(bins: 2, isSmooth: true),
        LayerOption.Flag(IsNatural, true),
        LayerOption.Flag(HasTurn, true),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Circle;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) =>
        new CircularSplineLayer<T>(SplineOptions.Settings(options), options.Flag(IsNatural), options.Flag(HasTurn));
}
