namespace FlowCore.Manifolds;

/// <summary>x: the identity on R^D, with an offset where <c>add_offset</c> asks for it.</summary>
internal sealed class IdentityLetter : EuclideanLetter
{
    private const string AddOffset = "add_offset";

    /// <inheritdoc/>
    public override char Letter => 'x';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } = [LayerOption.Flag(AddOffset, false)];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) =>
        new OffsetLayer<T>(manifold, options.Flag(AddOffset));
}
