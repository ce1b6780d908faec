namespace FlowCore.Manifolds;

/// <summary>k: the probabilities of K classes, fresh all the same.</summary>
internal sealed class CategoryLetter : LayerLetter
{
    public override char Letter => 'k';

    public override IReadOnlyList<LayerOption> Options => [];

    public override bool ActsOn(Manifold manifold)
    {
        ArgumentNullException.ThrowIfNull(manifold);
        return manifold.Kind == ManifoldKind.Category;
    }

    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => place.Count == 1
        ? new CategoryLayer<T>(manifold)
        : throw new ArgumentException($"Expected 'k' as the only layer of {manifold}, got {place.Count} layers.", nameof(place));
}
