namespace FlowCore.Manifolds;

/// <summary>The options that letters of splines share, by their names in jammy_flows.</summary>
internal static class SplineOptions
{
    public const string Bins = "num_basis_functions";
    public const string IsSmooth = "smooth_second_derivative";
    public const string EndSlope = "fix_boundary_derivatives";
    public const string MaxMinRatio = "restrict_max_min_width_height_ratio";
    public const string FixFirst = "fix_first_width_n_height_to_zero";
    public const string FixSecondWidth = "also_fix_second_width_to_zero";
    public const string IsIndependent = "independent_width_height_parametrization";
    private const string MinimumWidth = "min_width";
    private const string MinimumHeight = "min_height";
    private const string MinimumSlope = "min_derivative";

    /// <summary>The options of a spline.</summary>
    public static LayerOption[] All(int bins, bool isSmooth) =>
    [
        LayerOption.WholeNumber(Bins, bins, least: 2),
        LayerOption.Flag(IsSmooth, isSmooth),
        LayerOption.Number(EndSlope, -1),
        LayerOption.Number(MaxMinRatio, -1),
        LayerOption.Flag(FixFirst, false),
        LayerOption.Flag(FixSecondWidth, false),
        LayerOption.Flag(IsIndependent, false),
        LayerOption.Number(MinimumWidth, 1e-4),
        LayerOption.Number(MinimumHeight, 1e-4),
        LayerOption.Number(MinimumSlope, 1e-4),
    ];

    /// <summary>The settings that options stand for.</summary>
    public static BoxSplineSettings Settings(LayerOptions options) => new(options.WholeNumber(Bins))
    {
        IsSmooth = options.Flag(IsSmooth),
        EndSlope = options.Number(EndSlope),
        MaxMinRatio = options.Number(MaxMinRatio),
        FixFirst = options.Flag(FixFirst),
        FixSecondWidth = options.Flag(FixSecondWidth),
        IsIndependent = options.Flag(IsIndependent),
        MinimumWidth = options.Number(MinimumWidth),
        MinimumHeight = options.Number(MinimumHeight),
        MinimumSlope = options.Number(MinimumSlope),
    };
}
