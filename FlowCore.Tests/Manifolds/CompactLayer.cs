using FlowCore.Manifolds;
using FlowCore.Random;

namespace FlowCore.Tests.Manifolds;

/// <summary>A layer of an interval, of the circle or of the sphere with options: the list of all that change the map.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Manifold">Where it acts.</param>
/// <param name="Options">The options.</param>
internal sealed record CompactLayer(char Letter, Manifold Manifold, params (string Name, OptionValue Value)[] Options)
{
    private static readonly Manifold _interval = Manifold.Interval(-3, 3);

    private static readonly (string Name, OptionValue Value)[] _recommended =
    [
        ("add_vertical_rq_spline_flow", 1),
        ("spline_num_basis_functions", -1),
        ("vertical_smooth", 1),
        ("vertical_fix_first_width_n_height_to_zero", 1),
        ("vertical_also_fix_second_width_to_zero", 1),
        ("vertical_independent_width_height_parametrization", 1),
        ("add_circular_rq_spline_flow", 1),
    ];

    /// <summary>All but those that integrate a differential equation.</summary>
    public static IReadOnlyList<CompactLayer> All { get; } =
    [
        new('z', _interval),
        new('r', _interval),
        new('r', _interval, ("smooth_second_derivative", 1), ("num_basis_functions", 2)),
        new('r', _interval, ("smooth_second_derivative", 1), ("num_basis_functions", 3)),
        new('r', _interval, ("smooth_second_derivative", 1), ("num_basis_functions", 3), ("fix_boundary_derivatives", 1)),
        new('r', _interval, ("fix_boundary_derivatives", 0.5), ("fix_first_width_n_height_to_zero", 1), ("also_fix_second_width_to_zero", 1)),
        new('r', _interval, ("restrict_max_min_width_height_ratio", 20), ("independent_width_height_parametrization", 1)),
        new('m', Manifold.Circle),
        new('m', Manifold.Circle, ("natural_direction", 1), ("add_rotation", 1)),
        new('o', Manifold.Circle),
        new('o', Manifold.Circle, ("natural_direction", 0), ("fix_first_width_n_height_to_zero", 1), ("also_fix_second_width_to_zero", 1)),
        new('o', Manifold.Circle, ("smooth_second_derivative", 0), ("num_basis_functions", 5)),
        new('o', Manifold.Circle, ("smooth_second_derivative", 0), ("num_basis_functions", 5), ("fix_boundary_derivatives", 1)),
        new('y', Manifold.Circle),
        new('y', Manifold.Circle, ("add_rotation", 1)),
        new('y', Manifold.Sphere),
        .. ((string[])["householder", "angles", "quaternion", "xyz"]).Select(mode => new CompactLayer('y', Manifold.Sphere, ("add_rotation", 1), ("rotation_mode", mode))),
        new('f', Manifold.Sphere),
        new('f', Manifold.Sphere, ("inverse_z_scaling", 0), ("kappa_prediction", "softplus_real_bounded"), ("kappa_clamping", 1)),
        new('f', Manifold.Sphere, ("kappa_prediction", "log_bounded"), ("min_kappa", 3)),
        new('f', Manifold.Sphere, ("kappa_prediction", "mu"), ("rotation_mode", "xyz")),
        new('f', Manifold.Sphere, ("kappa_prediction", "quatvec_squared"), ("rotation_mode", "quaternion")),
        new('f', Manifold.Sphere, ("add_vertical_rq_spline_flow", 1), ("add_extra_rotation_inbetween", 1)),
        new('f', Manifold.Sphere, ("add_vertical_rq_spline_flow", 1), ("add_circular_rq_spline_flow", 1)),
        new('f', Manifold.Sphere, ("add_circular_rq_spline_flow", 1), ("add_rotation", 0)),
        new('f', Manifold.Sphere, _recommended),
        new('f', Manifold.Sphere, ("add_vertical_rq_spline_flow", 1), ("add_circular_rq_spline_flow", 1), ("boundary_cos_theta_identity_region", 0.2)),
        new('f', Manifold.Sphere, ("add_correlated_rq_spline_flow", 1), ("boundary_cos_theta_identity_region", 0.4)),
        .. ((string[])["exponential", "linear", "quadratic", "splines"]).Select(kind => new CompactLayer('v', Manifold.Sphere, ("exp_map_type", kind))),
        .. ((string[])["exponential", "linear", "quadratic", "splines"]).Select(kind => new CompactLayer(
            'v', Manifold.Sphere, ("exp_map_type", kind), ("natural_direction", 1), ("mean_parametrization", "householder"), ("num_components", 3))),
        new('n', Manifold.Sphere),
        new('n', Manifold.Sphere, ("zenith_type_layers", "xt")),
        new('n', Manifold.Sphere, ("zenith_type_layers", "zr"), ("add_rotation", 0), ("hidden_dims", "8-5"), ("highway_mode", 3)),
    ];

    /// <summary>Whether some numbers of the map come from a network, whose large weights would make them huge.</summary>
    public bool HasNetwork => Letter == 'n' || Options.Any(option => option.Name.Contains("correlated", StringComparison.Ordinal));

    public LayerLetter Known => LayerLetters.Find(Manifold, Letter)!;

    public ManifoldLayer<T> Create<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        Known.Create<T>(Manifold, new LayerOptions(Known, Options.ToDictionary(option => option.Name, option => option.Value)), new LayerPlace(0, 1));

    /// <summary>Fresh numbers and normal ones of a width.</summary>
    public static double[] Numbers(ManifoldLayer<double> layer, double spread, ulong seed)
    {
        var numbers = new double[layer.ParameterCount];
        var stream = new RandomStream(seed);
        layer.Fresh(numbers, stream.Substream(0));
        var noise = new double[numbers.Length];
        stream.Substream(1).FillNormal<double>(noise);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] += spread * noise[i];
        return numbers;
    }

    public override string ToString() => $"{Letter}_on_{Manifold}_{string.Join("_", Options.Select(option => $"{option.Name}={option.Value}"))}";
}
