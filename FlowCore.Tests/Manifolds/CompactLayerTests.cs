using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The laws of the layers of intervals, circles and spheres, with every option that changes the map.</summary>
[TestFixture]
internal sealed class CompactLayerTests
{
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

    private static IEnumerable<TestCaseData> Layers()
    {
        foreach (var (letter, manifold, options, tolerance) in Cases())
        {
            // Networks give large numbers as they are, where the weights are large.
            var hasNetwork = letter.Letter == 'n' || options.Any(option => option.Name.Contains("correlated"));
            foreach (var spread in hasNetwork ? (double[])[0.3] : [0.3, 1.5])
            {
                var said = string.Join("_", options.Select(option => $"{option.Name}={option.Value}"));
                yield return new TestCaseData(letter, manifold, options, spread, tolerance).SetName($"{letter.Letter}_on_{manifold}_with_{said}_and_spread_{spread}");
            }
        }
    }

    private static IEnumerable<(LayerLetter Letter, Manifold Manifold, (string Name, OptionValue Value)[] Options, double Tolerance)> Cases()
    {
        foreach (var (letter, manifold, options) in Lists().Concat(WithNetworks()))
            yield return (LayerLetters.Find(manifold, letter)!, manifold, options, 1e-10);
    }

    private static IEnumerable<(char Letter, Manifold Manifold, (string Name, OptionValue Value)[] Options)> Lists()
    {
        var interval = Manifold.Interval(-3, 3);
        yield return ('z', interval, []);
        yield return ('r', interval, []);
        yield return ('r', interval, [("smooth_second_derivative", 1), ("num_basis_functions", 2)]);
        yield return ('r', interval, [("smooth_second_derivative", 1), ("num_basis_functions", 3)]);
        yield return ('r', interval, [("smooth_second_derivative", 1), ("num_basis_functions", 3), ("fix_boundary_derivatives", 1)]);
        yield return ('r', interval, [("fix_boundary_derivatives", 0.5), ("fix_first_width_n_height_to_zero", 1), ("also_fix_second_width_to_zero", 1)]);
        yield return ('r', interval, [("restrict_max_min_width_height_ratio", 20), ("independent_width_height_parametrization", 1)]);
        yield return ('m', Manifold.Circle, []);
        yield return ('m', Manifold.Circle, [("natural_direction", 1), ("add_rotation", 1)]);
        yield return ('o', Manifold.Circle, []);
        yield return ('o', Manifold.Circle, [("natural_direction", 0), ("fix_first_width_n_height_to_zero", 1), ("also_fix_second_width_to_zero", 1)]);
        yield return ('o', Manifold.Circle, [("smooth_second_derivative", 0), ("num_basis_functions", 5)]);
        yield return ('o', Manifold.Circle, [("smooth_second_derivative", 0), ("num_basis_functions", 5), ("fix_boundary_derivatives", 1)]);
        yield return ('y', Manifold.Circle, []);
        yield return ('y', Manifold.Circle, [("add_rotation", 1)]);
        yield return ('y', Manifold.Sphere, []);
        foreach (var mode in (string[])["householder", "angles", "quaternion", "xyz"])
            yield return ('y', Manifold.Sphere, [("add_rotation", 1), ("rotation_mode", mode)]);
        yield return ('f', Manifold.Sphere, []);
        yield return ('f', Manifold.Sphere, [("inverse_z_scaling", 0), ("kappa_prediction", "softplus_real_bounded"), ("kappa_clamping", 1)]);
        yield return ('f', Manifold.Sphere, [("kappa_prediction", "log_bounded"), ("min_kappa", 3)]);
        yield return ('f', Manifold.Sphere, [("kappa_prediction", "mu"), ("rotation_mode", "xyz")]);
        yield return ('f', Manifold.Sphere, [("kappa_prediction", "quatvec_squared"), ("rotation_mode", "quaternion")]);
        yield return ('f', Manifold.Sphere, [("add_vertical_rq_spline_flow", 1), ("add_extra_rotation_inbetween", 1)]);
        yield return ('f', Manifold.Sphere, [("add_vertical_rq_spline_flow", 1), ("add_circular_rq_spline_flow", 1)]);
        yield return ('f', Manifold.Sphere, [("add_circular_rq_spline_flow", 1), ("add_rotation", 0)]);
        yield return ('f', Manifold.Sphere, [.. _recommended]);
        yield return ('f', Manifold.Sphere, [("add_vertical_rq_spline_flow", 1), ("add_circular_rq_spline_flow", 1), ("boundary_cos_theta_identity_region", 0.2)]);
        foreach (var kind in (string[])["exponential", "linear", "quadratic", "splines"])
        {
            yield return ('v', Manifold.Sphere, [("exp_map_type", kind)]);
            yield return ('v', Manifold.Sphere, [("exp_map_type", kind), ("natural_direction", 1), ("mean_parametrization", "householder"), ("num_components", 3)]);
        }
    }

    private static IEnumerable<(char Letter, Manifold Manifold, (string Name, OptionValue Value)[] Options)> WithNetworks()
    {
        yield return ('f', Manifold.Sphere, [("add_correlated_rq_spline_flow", 1), ("boundary_cos_theta_identity_region", 0.4)]);
        yield return ('n', Manifold.Sphere, []);
        yield return ('n', Manifold.Sphere, [("zenith_type_layers", "xt")]);
        yield return ('n', Manifold.Sphere, [("zenith_type_layers", "zr"), ("add_rotation", 0), ("hidden_dims", "8-5"), ("highway_mode", 3)]);
    }

    // The determinant is that of the flow, the Jacobian that of its steps: they agree to the error of the method.
    [TestCase("dopri5", 32, 0, 1e-8)]
    [TestCase("dopri5", 32, 3, 1e-8)]
    [TestCase("rk4", 64, 1, 1e-7)]
    public void Flows_of_the_sphere_obey_the_laws(string solver, int steps, int highway, double tolerance) =>
        new ManifoldLayerCheck(
            LayerLetters.Find(Manifold.Sphere, 'c')!, Manifold.Sphere,
            options: [("solver", solver), ("steps", steps), ("cnf_network_highway_mode", highway), ("cnf_network_hidden_dims", highway == 3 ? "8-6" : "16")])
        {
            Spread = 0.1,
            Tolerance = tolerance,
            JacobianTolerance = 10 * tolerance,
        }.Run().ThrowIfFailed();

    [TestCaseSource(nameof(Layers))]
    public void Layers_obey_the_laws(LayerLetter letter, Manifold manifold, (string Name, OptionValue Value)[] options, double spread, double tolerance) =>
        new ManifoldLayerCheck(letter, manifold, options: options) { Spread = spread, Tolerance = tolerance }.Run().ThrowIfFailed();
}
