namespace FlowCore.Manifolds;

/// <summary>g: Gaussianization.</summary>
internal sealed class GaussianizationLetter : MixtureLetter
{
    private const string RotationOption = "rotation_mode";

    /// <inheritdoc/>
    public override char Letter => 'g';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        .. CommonOptions(upperNorm: 10), LayerOption.Flag(MixtureSettings.CentreOption, false),
        LayerOption.Choice(RotationOption, "householder", "triangular_combination", "angles", "cayley", "none"),
    ];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place) => new GaussianizationLayer<T>(
        manifold, HasOffset(options, place), place.IsLast,
        Rotation<T>.Create(options.Text(RotationOption), manifold.Dimension, HouseholderRotation<T>.Count(options, manifold.Dimension)),
        new MixtureSettings(options, options.Flag(MixtureSettings.CentreOption)), MixtureNames.Gaussianization, QuantileOf<T>(options, place));
}
