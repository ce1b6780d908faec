namespace FlowCore.Manifolds;

/// <summary>A letter of layers on R^D.</summary>
internal abstract class EuclideanLetter : LayerLetter
{
    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Euclidean;

    /// <summary>Whether a layer has an offset: the one next to the data, unless its option leaves it out.</summary>
    protected static bool HasOffset(LayerOptions options, LayerPlace place) => place.IsLast && !options.Flag(EuclideanLayer<double>.SkipOffset);
}
