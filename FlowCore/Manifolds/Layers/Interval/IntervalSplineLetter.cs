namespace FlowCore.Manifolds;

/// <summary>r: a rational-quadratic spline of the interval.</summary>
internal sealed class IntervalSplineLetter : LayerLetter
{
    /// <inheritdoc/>
    public override char Letter => 'r';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } = SplineOptions.All(bins: 5, isSmooth: false);

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Interval;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) =>
        new IntervalSplineLayer<T>(manifold, SplineOptions.Settings(options));
}
