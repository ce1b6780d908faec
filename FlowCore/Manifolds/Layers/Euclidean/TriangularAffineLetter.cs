namespace FlowCore.Manifolds;

/// <summary>t: the affine map of a normal distribution.</summary>
internal sealed class TriangularAffineLetter : EuclideanLetter
{
    private const string Covariance = "cov_type";

    /// <inheritdoc/>
    public override char Letter => 't';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.Choice(Covariance, "diagonal", "identity", "diagonal_symmetric", "full"),
        LayerOption.Flag(EuclideanLayer<double>.SkipOffset, false), .. WidthMap.Options,
    ];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) =>
        new TriangularAffineLayer<T>(manifold, HasOffset(options, place), options.Text(Covariance), new WidthMap(options));
}
