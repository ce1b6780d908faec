namespace FlowCore.Manifolds;

/// <summary>g: Gaussianization.</summary>
internal sealed class GaussianizationLetter : MixtureLetter
{
    private const string RotationOption = "rotation_mode";
    private const string StretchOption = "nonlinear_stretch_type";
    private const string Splines = "rq_splines";

    /// <inheritdoc/>
    public override char Letter => 'g';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        .. CommonOptions(upperNorm: 10), LayerOption.Flag(MixtureSettings.CentreOption, false),
        LayerOption.Choice(StretchOption, "classic", Splines), LayerOption.Choice(RotationOption, "householder", "triangular_combination", "angles", "cayley", "none"),
    ];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        var rotation = Rotation<T>.Create(options.Text(RotationOption), manifold.Dimension, HouseholderRotation<T>.Count(options, manifold.Dimension));
        var (hasOffset, components) = (HasOffset(options, place), options.WholeNumber(MixtureSettings.ComponentsOption));
        if (options.Text(StretchOption) == Splines)
        {
            return components > 1
                ? new SplineStretchLayer<T>(manifold, hasOffset, place.IsLast, rotation, components)
                : throw new ArgumentException($"Expected at least 2 for the option '{MixtureSettings.ComponentsOption}' with {Splines}, got {components}.", nameof(options));
        }

        return new GaussianizationLayer<T>(
            manifold, hasOffset, place.IsLast, rotation, new MixtureSettings(options, options.Flag(MixtureSettings.CentreOption)), MixtureNames.Gaussianization,
            QuantileOf<T>(options, place));
    }
}
