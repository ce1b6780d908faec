namespace FlowCore.Manifolds;

/// <summary>u: the relaxed categorical distribution, next to the base only.</summary>
internal sealed class RelaxedCategoryLetter : SimplexLetter
{
    /// <inheritdoc/>
    public override char Letter => 'u';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options => [];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => place.IsFirst
        ? new RelaxedCategoryLayer<T>(manifold)
        : throw new ArgumentException($"Expected the letter '{Letter}' as the first one, next to the base, got it at position {place.Position}.", nameof(place));
}
