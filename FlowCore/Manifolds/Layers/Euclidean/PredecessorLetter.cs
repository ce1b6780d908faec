namespace FlowCore.Manifolds;

/// <summary>h: the predecessor of g, kept so that its weights load. It is g with reflections, other names and a larger range of norms.</summary>
internal sealed class PredecessorLetter : MixtureLetter
{
    /// <inheritdoc/>
    public override char Letter => 'h';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } = CommonOptions(upperNorm: 100);

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new GaussianizationLayer<T>(
        manifold, HasOffset(options, place), place.IsLast,
        new HouseholderRotation<T>("vs", manifold.Dimension, HouseholderRotation<T>.Count(options, manifold.Dimension)),
        new MixtureSettings(options, isCentred: false), MixtureNames.Predecessor, QuantileOf<T>(options, place));
}
