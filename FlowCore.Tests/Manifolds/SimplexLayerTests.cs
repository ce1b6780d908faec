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

    [TestCase(1, "z")]
    [TestCase(3, "z")]
    [TestCase(2, "rzr")]
    [TestCase(1, "g")]
    [TestCase(2, "h")]
    [TestCase(2, "t")]
    [TestCase(2, "p")]
    [TestCase(2, "x")]
    [TestCase(3, "gt")]
    public void W_obeys_the_laws_with_inner_letters_of_intervals_and_of_real_numbers(int dimension, string letters) =>
        Check('w', dimension, 0.3, ("inner_flow_defs", letters), ("num_basis_functions", 3), ("hidden_dims", "4"));

    [TestCase("", "Expected at least one letter for the option 'inner_flow_defs', got none.")]
    [TestCase("rg", "Expected letters of i1 for the option 'inner_flow_defs', got 'g' in \"rg\".")]
    [TestCase("gr", "Expected letters of e1 for the option 'inner_flow_defs', got 'r' in \"gr\".")]
    [TestCase("m", "Expected letters of e1 for the option 'inner_flow_defs', got 'm' in \"m\".")]
    public void Inner_letters_that_cannot_stand_there_are_named(string letters, string message)
    {
        var letter = LayerLetters.Find(Manifold.Simplex(2), 'w')!;
        var options = new LayerOptions(letter, new Dictionary<string, OptionValue> { ["inner_flow_defs"] = letters });
        Assert.That(() => letter.Create<double>(Manifold.Simplex(2), options, new LayerPlace(0, 1)), Throws.ArgumentException.With.Message.StartsWith(message));
    }

    [Test]
    public void Inner_z_is_the_identity_and_adds_nothing_to_splines()
    {
        static double[] Logs(string letters)
        {
            using var pdf = new Pdf<double>("a2", "w", new PdfOptions().With('w', new Dictionary<string, OptionValue> { ["inner_flow_defs"] = letters, ["hidden_dims"] = "4" }));
            PdfCase.Stir(pdf, 0.3);
            var logs = new double[3];
            pdf.LogDensity([0.2, 0.3, 0.01, 0.9, 0.5, 0.499], logs);
            return logs;
        }

        // The uniform law has ln d! per unit of x_1, x_2.
        Assert.That(Logs("z"), Has.All.EqualTo(Math.Log(2)));
        Assert.That(Logs("zrrz"), Is.EqualTo(Logs("rr")));
    }

    [Test]
    public void An_inner_affine_letter_makes_the_law_of_a_logistic_variable()
    {
        // v = σ(L l + b), l the log odds of a uniform number: F(v) = σ((logit v − b)/L). Letter t has L from its raw width, no b.
        using var pdf = new Pdf<double>("a1", "w", new PdfOptions().With('w', new Dictionary<string, OptionValue> { ["inner_flow_defs"] = "t" }));
        PdfCase.Stir(pdf, 0.3);
        double Density(double v)
        {
            var logs = new double[1];
            pdf.LogDensity([v], logs);
            return Math.Exp(logs[0]);
        }

        // At ½ the density is 1/L, and there is a law of every other v.
        var width = 1 / Density(0.5);
        Assert.That(Math.Abs(width - 1), Is.GreaterThan(1e-3));
        foreach (var v in (double[])[1e-6, 0.1, 0.7, 0.999])
        {
            var odds = Math.Log(v / (1 - v)) / width;
            var cumulative = 1 / (1 + Math.Exp(-odds));
            Assert.That(Density(v), Is.EqualTo(cumulative * (1 - cumulative) / (width * v * (1 - v))).Within(1e-11).Percent);
        }
    }

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
