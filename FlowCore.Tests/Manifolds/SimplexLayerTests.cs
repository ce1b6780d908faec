using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The laws of the layers on simplices.</summary>
[TestFixture]
internal sealed class SimplexLayerTests
{
    [Test]
    public void U_obeys_the_laws([Values(1, 2, 3)] int dimension, [Values(0.3, 0.7)] double spread) => Check('u', dimension, spread);

    [TestCase(1, 0.3)]
    [TestCase(1, 1.5)]
    [TestCase(2, 0.3)]
    [TestCase(3, 0.3)]
    public void W_obeys_the_laws(int dimension, double spread) =>
        Check('w', dimension, spread, ("hidden_dims", "4"), ("num_basis_functions", 3));

    [Test]
    public void W_obeys_the_laws_with_other_inner_layers() =>
        Check('w', 2, 0.3, ("inner_flow_defs", "r"), ("num_basis_functions", 4), ("hidden_dims", "6-5"), ("max_rank", 1));

    [Test]
    public void U_stands_next_to_the_base_only()
    {
        var letter = LayerLetters.Find(Manifold.Simplex(2), 'u')!;
        var error = Assert.Throws<ArgumentException>(() => letter.Create<double>(Manifold.Simplex(2), new LayerOptions(letter), new LayerPlace(1, 2)));
        Assert.That(error!.Message, Does.StartWith("Expected the letter 'u' as the first one, next to the base, got it at position 1."));
    }

    private static void Check(char letter, int dimension, double spread, params (string Name, OptionValue Value)[] options) =>
        new ManifoldLayerCheck(LayerLetters.Find(Manifold.Simplex(dimension), letter)!, Manifold.Simplex(dimension), null, options)
        {
            Spread = spread,
        }.Run().ThrowIfFailed();
}
