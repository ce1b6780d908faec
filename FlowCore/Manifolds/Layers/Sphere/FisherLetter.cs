using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>f: the zoom of the von Mises-Fisher law with splines of zenith and azimuth.</summary>
internal sealed class FisherLetter : LayerLetter
{
    private const string Kappa = "kappa_prediction";
    private const string LeastKappa = "min_kappa";
    private const string IsClamped = "kappa_clamping";
    private const string IsSouth = "inverse_z_scaling";
    private const string HasQuarterTurn = "add_extra_rotation_inbetween";
    private const string HasVertical = "add_vertical_rq_spline_flow";
    private const string HasCircular = "add_circular_rq_spline_flow";
    private const string IsCorrelated = "add_correlated_rq_spline_flow";
    private const string Rank = "correlated_max_rank";
    private const string VerticalLetters = "vertical_flow_defs";
    private const string CircularLetters = "circular_flow_defs";
    private const string CircularTurn = "circular_add_rotation";
    private const string Bins = "spline_num_basis_functions";
    private const string IdentityRegion = "boundary_cos_theta_identity_region";
    private const string VerticalSmooth = "vertical_smooth";
    private const string VerticalEnds = "vertical_fix_boundary_derivative";
    private const string VerticalRatio = "vertical_restrict_max_min_width_height_ratio";
    private const string VerticalFirst = "vertical_fix_first_width_n_height_to_zero";
    private const string VerticalSecond = "vertical_also_fix_second_width_to_zero";
    private const string VerticalIndependent = "vertical_independent_width_height_parametrization";

    private static readonly string[] _kappas =
        ["direct_log_real_bounded", "softplus_real_bounded", "log_bounded", "mu", "mu_squared", "quatvec", "quatvec_squared"];

    private static readonly Dictionary<string, OptionValue> _none = [];

    /// <inheritdoc/>
    public override char Letter => 'f';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.Flag(SphereRotation.HasRotation, true),
        .. SphereRotation.Options,
        LayerOption.Choice(Kappa, _kappas),
        LayerOption.Number(LeastKappa, 1e-10, least: 0),
        LayerOption.Flag(IsClamped, false),
        LayerOption.Flag(IsSouth, true),
        LayerOption.Flag(HasQuarterTurn, false),
        LayerOption.Flag(HasVertical, false),
        LayerOption.Flag(HasCircular, false),
        LayerOption.Flag(IsCorrelated, false),
        LayerOption.WholeNumber(Rank, 3, least: -1),
        LayerOption.OfText(VerticalLetters, "rr"),
        LayerOption.OfText(CircularLetters, "oo"),
        LayerOption.Flag(CircularTurn, false),
        LayerOption.WholeNumber(Bins, 5, least: -1),
        LayerOption.Number(IdentityRegion, 0, least: 0, most: 0.99),
        LayerOption.Flag(VerticalSmooth, false),
        LayerOption.Flag(VerticalEnds, true),
        LayerOption.Number(VerticalRatio, -1),
        LayerOption.Flag(VerticalFirst, false),
        LayerOption.Flag(VerticalSecond, false),
        LayerOption.Flag(VerticalIndependent, false),
    ];

    /// <inheritdoc/>
    public override bool ActsOn(Manifold manifold) => manifold.Kind == ManifoldKind.Sphere;

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        var rotation = SphereRotation.FromOptions(options, options.Flag(SphereRotation.HasRotation));
        var settings = Settings(options);
        CheckKappa(settings.Kappa, rotation);
        var (hasVertical, hasCircular) = (options.Flag(HasVertical), options.Flag(HasCircular));
        if (settings.IsCorrelated && (hasVertical || hasCircular))
            throw new ArgumentException($"Expected either '{IsCorrelated}' or the options '{HasVertical}' and '{HasCircular}', got both.", nameof(options));
        if (options.WholeNumber(Bins) == -1 && hasVertical && !options.Flag(VerticalSmooth))
            throw new ArgumentException($"Expected the option '{VerticalSmooth}' 1 where '{Bins}' is -1, got 0.", nameof(options));
        var vertical = hasVertical || settings.IsCorrelated
            ? LayerSeries<T>.Create(
                Manifold.Interval(), options.Text(VerticalLetters), VerticalLetters, position => settings.IsCorrelated ? _none : Vertical(options, position))
            : null;
        var circular = hasCircular || settings.IsCorrelated
            ? LayerSeries<T>.Create(
                Manifold.Circle, options.Text(CircularLetters), CircularLetters, _ => settings.IsCorrelated ? _none : Circular(options))
            : null;
        return new FisherLayer<T>(rotation, settings, vertical, circular);
    }

    private static FisherSettings Settings(LayerOptions options) => new()
    {
        Kappa = (KappaForm)Array.IndexOf(_kappas, options.Text(Kappa)),
        LeastKappa = options.Number(LeastKappa),
        IsClamped = options.Flag(IsClamped),
        IsSouth = options.Flag(IsSouth),
        HasQuarterTurn = options.Flag(HasQuarterTurn),
        Bound = Math.Round(1 - options.Number(IdentityRegion), 2),
        IsCorrelated = options.Flag(IsCorrelated),
        Rank = options.WholeNumber(Rank),
    };

    private static void CheckKappa(KappaForm kappa, SphereRotation? rotation)
    {
        var mode = kappa switch
        {
            KappaForm.Direction or KappaForm.DirectionSquared => RotationMode.Direction,
            KappaForm.Quaternion or KappaForm.QuaternionSquared => RotationMode.Quaternion,
            _ => rotation?.RotationMode ?? RotationMode.Householder,
        };
        if (kappa > KappaForm.LogBounded && rotation?.RotationMode != mode)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"Expected a rotation by {mode} where '{Kappa}' is \"{_kappas[(int)kappa]}\", got {(rotation is null ? "none" : $"one by {rotation.RotationMode}")}."), nameof(rotation));
        }
    }

    private static Dictionary<string, OptionValue> Vertical(LayerOptions options, int position) => new()
    {
        [SplineOptions.Bins] = options.WholeNumber(Bins) == -1 ? 2 + (position % 2) : options.WholeNumber(Bins),
        [SplineOptions.IsSmooth] = options.Flag(VerticalSmooth),
        [SplineOptions.EndSlope] = options.Flag(VerticalEnds) ? 1 : -1,
        [SplineOptions.MaxMinRatio] = options.Number(VerticalRatio),
        [SplineOptions.FixFirst] = options.Flag(VerticalFirst),
        [SplineOptions.FixSecondWidth] = options.Flag(VerticalSecond),
        [SplineOptions.IsIndependent] = options.Flag(VerticalIndependent),
    };

    private static Dictionary<string, OptionValue> Circular(LayerOptions options) => new()
    {
        [SplineOptions.FixFirst] = options.Flag(VerticalFirst),
        [SplineOptions.FixSecondWidth] = options.Flag(VerticalSecond),
        [SplineOptions.IsIndependent] = options.Flag(VerticalIndependent),
        [CircularSplineLetter.HasTurn] = options.Flag(CircularTurn),
    };
}
