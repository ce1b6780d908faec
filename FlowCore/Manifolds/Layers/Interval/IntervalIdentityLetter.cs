namespace FlowCore.Manifolds;

/// <summary>z: the identity of the interval.</summary>
internal sealed class IntervalIdentityLetter : LayerLetter
{
    /// <inheritdoc/>
    public override char Letter => 'z';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options => [];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Interval;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new IdentityLayer<T>(manifold);
}
