namespace FlowCore.Manifolds;

/// <summary>y: the identity of the circle and of the sphere, or a rotation.</summary>
internal sealed class RotationLetter : LayerLetter
{
    private const string HasRotation = "add_rotation";

    /// <inheritdoc/>
    public override char Letter => 'y';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } = [LayerOption.Flag(HasRotation, false), .. SphereRotation.Options];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind is ManifoldKind.Circle or ManifoldKind.Sphere;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        if (!options.Flag(HasRotation))
            return new IdentityLayer<T>(manifold);
        return manifold.Kind == ManifoldKind.Circle ? new CircleTurnLayer<T>() : new SphereRotationLayer<T>(SphereRotation.FromOptions(options, hasRotation: true));
    }
}
