using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Inference;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

[TestFixture]
internal sealed class ImportanceSampleTests
{
    [Test]
    public void An_effective_share_of_one_is_no_proof_of_coverage()
    {
        // The optima of both divergences of one normal distribution to ½ N(−2, ½²) + ½ N(2, ½²), by quadrature.
        var target = Gaussians.Bimodal();
        using var reverse = Gaussians.OneDimensional(0.50040, 1.99980);
        var trap = reverse.ImportanceSample(target, 10_000, seed: 2);
        Assert.That(trap.EffectiveShare, Is.GreaterThan(0.9999), "nothing in its own draws tells that half of the target is missing");
        Assert.That(trap.LogZ, Is.EqualTo(-0.69305).Within(1e-3), "ln ½ instead of 0");
        Assert.That(trap.LogZError, Is.LessThan(1e-3));
        Assert.That(trap.Elbo.Value, Is.EqualTo(-0.69305).Within(1e-3), "minus the reverse divergence");

        using var forward = Gaussians.OneDimensional(2.0616, 0);
        var honest = forward.ImportanceSample(target, 10_000, seed: 2);
        Assert.That(honest.EffectiveShare, Is.InRange(0.40, 0.44));
        // √((1/0.42 − 1)/10⁴) = 0.012.
        Assert.That(honest.LogZ, Is.Zero.Within(0.03));
        Assert.That(honest.LogZError, Is.InRange(0.01, 0.015));

        // Draws of the target see it at once.
        var samples = Gaussians.BimodalSamples(10_000, seed: 3);
        Assert.That(reverse.TargetEffectiveShare<double>(target, samples), Is.LessThan(1e-6));
        Assert.That(forward.TargetEffectiveShare<double>(target, samples), Is.EqualTo(0.42).Within(0.02));
    }

    [Test]
    public void A_perfect_flow_knows_the_integral_of_the_free_lattice_field()
    {
        // S = Σ φ (2·2 φ − neighbours) + m² φ² on 8 × 8 sites, periodic, is φᵀ (k̂² + m²) φ, so ln Z = ½ Σ_k ln(π / (m² + k̂²)).
        const int side = 8;
        const int sites = side * side;
        var precision = new double[sites, sites];
        for (var i = 0; i < sites; i++)
        {
            precision[i, i] = 2 * (4 + 1.0);
            foreach (var j in Neighbours(i, side))
                precision[i, j] -= 2;
        }

        // z = C φ with an upper triangular CᵀC of the precision: in reversed order of the sites it is lower. Here simply x = L z with L Lᵀ its inverse.
        var lower = InverseCholesky(precision);
        using var flow = Gaussians.Linear(lower, new double[sites]);
        var sample = flow.ImportanceSample(LatticeField(side, massSquared: 1), 1000, seed: 1);
        Assert.That(sample.LogZ, Is.EqualTo(-11.622885).Within(1e-6), "to the places of the known number");
        Assert.That(sample.EffectiveShare, Is.EqualTo(1).Within(1e-9));
        Assert.That(sample.ParetoShape, Is.EqualTo(double.NegativeInfinity), "weights without a tail");
    }

    [TestCase(1.0, 0.2, false)]
    [TestCase(1.0, 0.4, false)]
    [TestCase(1.0, 0.8, true)]
    public void The_Pareto_shape_of_an_exact_tail_is_found(double scale, double shape, bool isBad)
    {
        // w = (1 − u)^(−k): a Pareto tail of shape k. 3√N = 1,897 exceedances give k to about (1 + k)/√1897 = 0.04.
        const int count = 400_000;
        var uniform = new double[count];
        new RandomStream(12).FillUniform<double>(uniform);
        for (var i = 0; i < count; i++)
            uniform[i] = Math.Log(scale) - (shape * Math.Log(uniform[i]));
        var found = ParetoTail.ShapeOf(uniform);
        Assert.That(found, Is.EqualTo(shape).Within(4.5 * (1 + shape) / Math.Sqrt(1897)));
        Assert.That(found > 0.6, Is.EqualTo(isBad));
        for (var i = 0; i < count; i++)
            uniform[i] += 800;
        Assert.That(ParetoTail.ShapeOf(uniform), Is.EqualTo(found).Within(1e-9), "no scale, no overflow");
    }

    [Test]
    public void Too_narrow_a_flow_has_a_large_shape_and_too_wide_a_one_none()
    {
        var target = Target.Of<double>(1, x => x.NormalLogDensity());
        using var narrow = Gaussians.OneDimensional(0.5, 0);
        using var wide = Gaussians.OneDimensional(2, 0);
        // The weights of a scale s have the tail 1 − s²: ¾ here; bounded weights of the wide one have a negative shape.
        Assert.That(narrow.ImportanceSample(target, 100_000).ParetoShape, Is.GreaterThan(0.5));
        Assert.That(wide.ImportanceSample(target, 100_000).ParetoShape, Is.LessThan(0));
    }

    [Test]
    public void Weights_of_zero_count_as_draws_and_nan_is_an_error_that_says_where()
    {
        using var flow = Gaussians.OneDimensional(1, 0);
        // The half normal: ln x is NaN below 0, so the cut is made by hand, with −∞.
        var half = Target.Of<double>(1, x => x.Less(x.Tape!.Constant(0.0)).Where(x.Tape!.Constant(double.NegativeInfinity), x.NormalLogDensity()));
        var sample = flow.ImportanceSample(half, 10_000, seed: 1);
        Assert.That(sample.LogZ, Is.EqualTo(Math.Log(0.5)).Within(4.5 * 0.01));
        Assert.That(sample.OutsideRows, Is.EqualTo(5000).Within(225));
        Assert.That(sample.EffectiveShare, Is.EqualTo(0.5).Within(0.0225));
        Assert.That(sample.Elbo.Value, Is.EqualTo(double.NegativeInfinity));
        var mean = sample.Mean(row => row[0]);
        Assert.That(mean.Value, Is.EqualTo(Math.Sqrt(2 / Math.PI)).Within(4.5 * mean.StandardError));
        Assert.That(mean.StandardError, Is.EqualTo(0.6028 / Math.Sqrt(5000)).Within(5).Percent);

        var invalid = Target.Of<double>(1, x => x.Log());
        Assert.That(() => flow.ImportanceSample(invalid, 100), Throws.InstanceOf<InvalidTargetException>().With.Message.Contains("NaN at x = (-"));
        var nowhere = flow.ImportanceSample(Target.OfRows<double>(1, (_, _) => double.NegativeInfinity), 100);
        Assert.That(nowhere.LogZ, Is.EqualTo(double.NegativeInfinity));
        Assert.That(nowhere.EffectiveShare, Is.Zero);
        Assert.That(() => nowhere.Mean(row => row[0]), Throws.InstanceOf<InvalidTargetException>());
        Assert.That(() => nowhere.Metropolis(1), Throws.InstanceOf<InvalidTargetException>());
    }

    [Test]
    public void The_chain_of_a_flow_has_the_moments_of_the_target()
    {
        using var flow = Gaussians.OneDimensional(1.5, 0.3);
        var sample = flow.ImportanceSample(Target.Of<double>(1, x => x.NormalLogDensity() + 5.0), 40_000, seed: 6);
        var chain = sample.Metropolis(seed: 1);
        double mean = 0, square = 0;
        foreach (var x in chain.X)
        {
            mean += x / 40_000;
            square += x * x / 40_000;
        }

        // Correlated over 1/acceptance rows: about a third as good as independent ones.
        Assert.That(mean, Is.Zero.Within(4.5 * Math.Sqrt(3.0 / 40_000)));
        Assert.That(square, Is.EqualTo(1).Within(4.5 * Math.Sqrt(6.0 / 40_000)));
        Assert.That(chain.Acceptance, Is.InRange(0.5, 0.95));
        Assert.That(chain.LongestRejectedRun, Is.InRange(2, 200));

        using var perfect = Gaussians.OneDimensional(1, 0);
        var all = perfect.ImportanceSample(Target.Of(perfect), 1000).Metropolis(1);
        Assert.That(all.Acceptance, Is.EqualTo(1).Within(0.02));
    }

    [Test]
    public void A_target_of_plain_numbers_has_the_values_of_one_on_the_tape()
    {
        using var flow = ExpectationTests.ShiftedByContext();
        var onTape = Target.Of<double>(1, (x, c) => (x - c).NormalLogDensity());
        var plain = Target.OfRows<double>(1, (x, c) => (-0.5 * (x[0] - c[0]) * (x[0] - c[0])) - (0.5 * Math.Log(2 * Math.PI)));
        Conditions<double> condition = new([0.7]);
        var (first, second) = (flow.ImportanceSample(onTape, 3000, 1, condition), flow.ImportanceSample(plain, 3000, 1, condition));
        Assert.That(second.LogWeights, Is.EqualTo(first.LogWeights).Within(1e-12));
        Assert.That(first.LogZ, Is.Zero.Within(1e-12), "the flow is the target");
        Assert.That(plain.HasGradient, Is.False);
        Assert.That(() => flow.ImportanceSample(onTape, 100), Throws.ArgumentException.With.Message.Contains("one row"));
    }

    /// <summary>−S of a free field on a periodic square.</summary>
    internal static ITarget<double> LatticeField(int side, double massSquared) => Target.Of<double>(side * side, x =>
    {
        var (right, down) = (new int[side * side], new int[side * side]);
        for (var i = 0; i < side * side; i++)
        {
            var neighbours = Neighbours(i, side);
            (right[i], down[i]) = (neighbours[0], neighbours[1]);
        }

        // Each pair of neighbours once, twice its product.
        var links = x * (x.Gather(right) + x.Gather(down)) * 2.0;
        return -((x.Square() * (4 + massSquared)) - links).SumColumns();
    });

    private static int[] Neighbours(int site, int side)
    {
        var (row, column) = (site / side, site % side);
        return [(row * side) + ((column + 1) % side), ((row + 1) % side * side) + column, (row * side) + ((column + side - 1) % side), ((row + side - 1) % side * side) + column];
    }

    // L with L Lᵀ = A⁻¹: of A = U Uᵀ with an upper U, made from the last row on, it is L = U⁻ᵀ.
    private static double[] InverseCholesky(double[,] a)
    {
        var n = a.GetLength(0);
        var upper = new double[n, n];
        for (var j = n - 1; j >= 0; j--)
        {
            for (var i = j; i >= 0; i--)
            {
                var sum = a[i, j];
                for (var k = j + 1; k < n; k++)
                    sum -= upper[i, k] * upper[j, k];
                upper[i, j] = i == j ? Math.Sqrt(sum) : sum / upper[j, j];
            }
        }

        // Column by column, the solution of Uᵀ x = e.
        var lower = new double[n * n];
        for (var column = 0; column < n; column++)
        {
            for (var i = column; i < n; i++)
            {
                var sum = i == column ? 1.0 : 0;
                for (var k = column; k < i; k++)
                    sum -= upper[k, i] * lower[(k * n) + column];
                lower[(i * n) + column] = sum / upper[i, i];
            }
        }

        return lower;
    }
}
