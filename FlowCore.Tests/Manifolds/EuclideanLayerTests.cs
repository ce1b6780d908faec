using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The laws of the layers on R^D, for each option that changes the map.</summary>
[TestFixture]
internal sealed class EuclideanLayerTests
{
    private static readonly LayerPlace _last = new(1, 2);
    private static readonly LayerPlace _first = new(0, 2);

    [TestCase(0)]
    [TestCase(1)]
    public void X_obeys_the_laws(int offset) =>
        new ManifoldLayerCheck(LayerLetters.Find(Manifold.Euclidean(3), 'x')!, Manifold.Euclidean(3), _last, ("add_offset", offset)).Run().ThrowIfFailed();

    [Test]
    public void T_obeys_the_laws(
        [Values("identity", "diagonal_symmetric", "diagonal", "full")] string covariance, [Values(1, 4)] int dimension, [Values(0.3, 1.5)] double spread) =>
        new ManifoldLayerCheck(LayerLetters.Find(Manifold.Euclidean(dimension), 't')!, Manifold.Euclidean(dimension), _last, ("cov_type", covariance))
        {
            Spread = spread,
        }.Run().ThrowIfFailed();

    [TestCase("softplus_for_width", 1)]
    [TestCase("width_smooth_saturation", 0)]
    [TestCase("skip_model_offset", 1)]
    [TestCase("upper_bound_for_widths", 2)]
    [TestCase("lower_bound_for_widths", 0.5)]
    public void T_obeys_the_laws_with_an_option(string option, double value) =>
        new ManifoldLayerCheck(LayerLetters.Find(Manifold.Euclidean(2), 't')!, Manifold.Euclidean(2), _last, (option, value)).Run().ThrowIfFailed();

    [Test]
    public void G_obeys_the_laws([Values(1, 3)] int dimension, [Values(0.3, 1.5)] double spread, [Values(0, 1)] int position) => Check('g', dimension, spread, position);

    [TestCase("rotation_mode", "angles")]
    [TestCase("rotation_mode", "triangular_combination")]
    [TestCase("rotation_mode", "cayley")]
    [TestCase("rotation_mode", "none")]
    [TestCase("nonlinear_stretch_type", "rq_splines")]
    [TestCase("inverse_function_type", "inormal_partly_precise")]
    [TestCase("inverse_function_type", "inormal_full_pade")]
    public void G_obeys_the_laws_with_a_choice(string option, string value) => Check('g', 3, 0.3, 1, (option, value));

    [TestCase("fit_normalization", 0)]
    [TestCase("regulate_normalization", 0)]
    [TestCase("center_mean", 1)]
    [TestCase("add_skewness", 1)]
    [TestCase("softplus_for_width", 1)]
    [TestCase("width_smooth_saturation", 0)]
    [TestCase("clamp_widths", 1)]
    [TestCase("num_kde", 1)]
    [TestCase("num_householder_iter", 1)]
    public void G_obeys_the_laws_with_an_option(string option, double value) => Check('g', 2, 0.3, 1, (option, value));

    [Test]
    public void H_obeys_the_laws([Values(0, 1)] int position) => Check('h', 2, 0.3, position);

    [Test]
    public void P_obeys_the_laws([Values(1, 2)] int transforms, [Values(0.05, 0.5)] double softening) =>
        Check('p', 2, 0.3, 1, ("num_transforms", transforms), ("softening", softening));

    private static void Check(char letter, int dimension, double spread, int position, params (string Name, OptionValue Value)[] options) =>
        new ManifoldLayerCheck(LayerLetters.Find(Manifold.Euclidean(dimension), letter)!, Manifold.Euclidean(dimension), position == 0 ? _first : _last, options)
        {
            Spread = spread,
        }.Run().ThrowIfFailed();
}
