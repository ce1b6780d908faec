using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The laws of the layers of intervals, circles and spheres, with every option that changes the map.</summary>
[TestFixture]
internal sealed class CompactLayerTests
{
    private static IEnumerable<TestCaseData> Layers() => CompactLayer.All.SelectMany(layer => (layer.HasNetwork ? (double[])[0.3] : [0.3, 1.5])
        .Select(spread => new TestCaseData(layer, spread)));

    [TestCaseSource(nameof(Layers))]
    public void Layers_obey_the_laws(CompactLayer layer, double spread) =>
        new ManifoldLayerCheck(layer.Known, layer.Manifold, options: layer.Options) { Spread = spread }.Run().ThrowIfFailed();

    // The determinant is that of the flow, the Jacobian that of its steps: they agree to the error of the method.
    [TestCase("dopri5", 12, 0, 1e-6)]
    [TestCase("dopri5", 12, 3, 1e-6)]
    [TestCase("rk4", 24, 1, 1e-6)]
    public void Flows_of_the_sphere_obey_the_laws(string solver, int steps, int highway, double tolerance) =>
        new ManifoldLayerCheck(
            LayerLetters.Find(Manifold.Sphere, 'c')!, Manifold.Sphere,
            options: [("solver", solver), ("steps", steps), ("cnf_network_highway_mode", highway), ("cnf_network_hidden_dims", highway == 3 ? "5-4" : "8")])
        {
            Spread = 0.1,
            Tolerance = tolerance,
            JacobianTolerance = 10 * tolerance,
        }.Run().ThrowIfFailed();

    [Test]
    public void Flows_of_the_sphere_say_how_far_they_are_from_finer_steps([Values("dopri5", "rk4")] string solver)
    {
        // Half the step is an error 2^order times smaller.
        var order = solver == "rk4" ? 4 : 5;
        var ratio = StepError(solver, 4) / StepError(solver, 8);
        Assert.That(ratio, Is.InRange(Math.Pow(2, order - 0.7), Math.Pow(2, order + 1.3)));
    }

    [TestCase('r', "num_basis_functions", 1, "an integer of at least 2")]
    [TestCase('r', "also_fix_second_width_to_zero", 1, "first width and height")]
    [TestCase('r', "smooth_second_derivative", 1, "2 or 3 bins")]
    [TestCase('r', "restrict_max_min_width_height_ratio", 2, "above 4")]
    [TestCase('r', "min_width", 0.2, "below 1/5")]
    [TestCase('o', "num_basis_functions", 3, "2 bins")]
    [TestCase('f', "kappa_prediction", "mu", "rotation by Direction")]
    [TestCase('f', "num_householder_iter", 0, "at least 1 reflection")]
    [TestCase('f', "vertical_flow_defs", "rm", "'m' in \"rm\"")]
    [TestCase('n', "zenith_type_layers", "rx", "'x' in \"rx\"")]
    [TestCase('n', "zenith_type_layers", "", "at least one letter")]
    [TestCase('c', "solver", "euler", "dopri5")]
    public void Options_that_make_no_layer_are_refused(char letter, string option, object value, string message)
    {
        var manifold = letter switch { 'r' => Manifold.Interval(), 'o' => Manifold.Circle, _ => Manifold.Sphere };
        var said = value is string text ? (OptionValue)text : Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
        var layer = new CompactLayer(letter, manifold, option == "vertical_flow_defs" ? [(option, said), ("add_vertical_rq_spline_flow", 1)] : [(option, said)]);
        Assert.That(() => layer.Create<double>(), Throws.ArgumentException.With.Message.Contains(message));
    }

    private static double StepError(string solver, int steps)
    {
        var layer = (SphereFlowLayer<double>)new CompactLayer('c', Manifold.Sphere, ("solver", solver), ("steps", steps)).Create<double>();
        using var kernels = FlowCore.Compute.Device.Cpu.CreateKernels<double>();
        using var tape = new FlowCore.Autodiff.Tape<double>(kernels);
        tape.Begin(1, record: false);
        var numbers = tape.SharedRow(CompactLayer.Numbers(layer, 0.5, 3));
        var errors = new double[2];
        tape.ReadValue(layer.StepError(tape.Input([0.6, 0.64, 0.48], 3), new LayerParameters<double>(layer, numbers)), errors);
        return errors[0] + errors[1];
    }
}
