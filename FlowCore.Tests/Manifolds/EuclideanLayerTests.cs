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
}
