namespace FlowCore.Manifolds;

/// <summary>A letter of layers on simplices.</summary>
internal abstract class SimplexLetter : LayerLetter
{
    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Simplex;
}
