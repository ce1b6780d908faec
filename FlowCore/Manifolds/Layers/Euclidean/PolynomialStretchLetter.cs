namespace FlowCore.Manifolds;

/// <summary>p: the polynomial stretch.</summary>
internal sealed class PolynomialStretchLetter : EuclideanLetter
{
    private const string TransformsOption = "num_transforms";
    private const string SofteningOption = "softening";
    private const string ExponentOption = "max_log_exponent";

    /// <inheritdoc/>
    public override char Letter => 'p';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.WholeNumber(HouseholderRotation<double>.CountOption, -1, -1), LayerOption.WholeNumber(TransformsOption, 1, 1),
        LayerOption.Flag(EuclideanLayer<double>.SkipOffset, false), LayerOption.Number(SofteningOption, 0.05, 0), LayerOption.Number(ExponentOption, 3, 0),
        LayerOption.Ignored("exact_mode"),
    ];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new PolynomialStretchLayer<T>(
        manifold, HasOffset(options, place), new HouseholderRotation<T>("vs", manifold.Dimension, HouseholderRotation<T>.Count(options, manifold.Dimension)),
        options.WholeNumber(TransformsOption), options.Number(SofteningOption), options.Number(ExponentOption));
}
