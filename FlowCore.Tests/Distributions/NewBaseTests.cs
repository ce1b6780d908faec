using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Gpu;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Laws.Entries;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

/// <summary>Full and mixed normals, Student's t, mixed uniform and normal features, and normals of a network.</summary>
[TestFixture]
internal sealed class NewBaseTests
{
    public static IEnumerable<string> Names => LinearEntries.Bases.Select(entry => entry.Name);

    [TestCaseSource(nameof(Names))]
    public void Density_integrates_to_one(string name)
    {
        using var model = Create(name, 1);

        // z = sinh t over |t| ≤ 30 by the trapezoidal rule, which for such a decay is exact to its tails; a jump costs half a step of the density.
        const int Steps = 600_001;
        var (z, weights) = (new double[Steps], new double[Steps]);
        for (var i = 0; i < Steps; i++)
        {
            var t = (i * 1e-4) - 30;
            (z[i], weights[i]) = (Math.Sinh(t), Math.Cosh(t) * 1e-4);
        }

        var density = new double[Steps];
        model.LogDensity(z, density);
        Assert.That(density.Zip(weights, (d, w) => Math.Exp(d) * w).Sum(), Is.EqualTo(1).Within(name.StartsWith("uniform", StringComparison.Ordinal) ? 2e-4 : 1e-6));
    }

    [TestCaseSource(nameof(Names))]
    public void Samples_have_the_density(string name)
    {
        const int Rows = 40_000;
        using var model = Create(name, 1);
        var (x, logDensity, again) = (new double[Rows], new double[Rows], new double[Rows]);
        model.Sample(new RandomStream(4), 0, x, logDensity);
        model.LogDensity(x, again);
        Assert.That(logDensity, Is.EqualTo(again).Within(1e-12));

        // Kolmogorov's distance to the integral of the density by the midpoint rule; below 1.95 / √n with a probability of 0.999.
        Array.Sort(x);
        const int Steps = 200_000;
        var (grid, density) = (new double[Steps], new double[Steps]);
        for (var i = 0; i < Steps; i++)
            grid[i] = Math.Sinh((i * 2e-4) - 20 + 1e-4);
        model.LogDensity(grid, density);
        var (sum, worst, row) = (0.0, 0.0, 0);
        for (var i = 0; i < Steps; i++)
        {
            sum += Math.Exp(density[i]) * Math.Cosh((i * 2e-4) - 20 + 1e-4) * 2e-4;
            while (row < Rows && x[row] <= Math.Sinh(((i + 1) * 2e-4) - 20))
                row++;
            worst = Math.Max(worst, Math.Abs(sum - ((double)row / Rows)));
        }

        Assert.That(worst, Is.LessThan(1.95 / Math.Sqrt(Rows)));
    }

    [TestCaseSource(nameof(Names))]
    public void Gradients_of_the_density_are_those_of_differences(string name)
    {
        using var model = Create(name, 2);
        var check = new GradientCheck(3).Block([0.31, -0.42, 0.53, 0.24, -0.45, 0.66], 2);
        if (model.Parameters.Parameters.Count > 0)
            check.Parameters(model.Parameters);
        var deviation = check.Run((_, leaves) => model.LogDensity(leaves[0]));
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    [TestCaseSource(nameof(Names))]
    public void Samples_are_differentiable(string name)
    {
        using var model = Create(name, 2);
        if (model.Parameters.Parameters.Count == 0)
        {
            Assert.That(name, Is.EqualTo("uniform and normal"), "the one without parameters");
            return;
        }

        var distribution = model.Base;
        var numbers = new double[3 * distribution.RandomNumbers];
        if (distribution.RandomDistribution == RandomDistribution.Normal)
            new RandomStream(3).FillNormal<double>(numbers);
        else
            new RandomStream(3).FillUniform<double>(numbers);

        // The choice of a component does not change within the small steps, so its weights have no gradient either way.
        var deviation = new GradientCheck(3).Parameters(model.Parameters)
            .Run((tape, _) => distribution.FromRandom(tape.Input(numbers, distribution.RandomNumbers)));
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    [TestCaseSource(nameof(Names))]
    public void An_accelerator_and_a_copy_give_the_same_numbers(string name)
    {
        using var device = GpuDevice.Emulated();
        using var host = Create(name, 2);
        using var other = host.ConvertTo<double>(device);
        var x = Models.Rows<double>(6, 2, 3, 0.4);
        var (a, b, c, d) = (new double[6], new double[6], new double[12], new double[12]);
        host.LogDensity(x, a);
        other.LogDensity(x, b);
        host.Sample(new RandomStream(2), 0, c, default);
        other.Sample(new RandomStream(2), 0, d, default);
        Assert.That(b, Is.EqualTo(a).Within(1e-12));
        Assert.That(d, Is.EqualTo(c).Within(1e-9));
    }

    [Test]
    public void Student_has_the_density_of_its_formula()
    {
        // ν = 1 is Cauchy's distribution, ν = 2 has the density (2 + z²)^(−3/2), a large ν is normal.
        Assert.That(At(1, 1.5), Is.EqualTo(-Math.Log(Math.PI * (1 + 2.25))).Within(1e-13));
        Assert.That(At(2, 1.5), Is.EqualTo(-1.5 * Math.Log(2 + 2.25)).Within(1e-13));
        Assert.That(At(1e9, 1.5), Is.EqualTo(-1.125 - (0.5 * Math.Log(2 * Math.PI))).Within(1e-8));

        static double At(double degrees, double z)
        {
            using var model = On(new StudentT<double>(1, degrees));
            var density = new double[1];
            model.LogDensity([z], density);
            return density[0];
        }
    }

    [Test]
    public void A_mixture_has_the_density_of_its_formula()
    {
        var mixture = new NormalMixture<double>(1, 2, floor: 0);
        mixture.Parameters[0].Write([Math.Log(0.25), Math.Log(0.75)]);
        mixture.Parameters[1].Write([-1, 2]);
        mixture.Parameters[2].Write([Math.Log(0.5), 0]);
        using var model = On(mixture);
        var density = new double[1];
        model.LogDensity([0.5], density);
        var expected = ((0.25 * 2 * Math.Exp(-4.5)) + (0.75 * Math.Exp(-1.125))) / Math.Sqrt(2 * Math.PI);
        Assert.That(density[0], Is.EqualTo(Math.Log(expected)).Within(1e-14));
    }

    [Test]
    public void A_mixture_from_data_finds_its_groups([Values] bool diagonal)
    {
        // Two groups of 300 and 700 rows around (−10, 5) and (20, 0), the second with a correlation of 0.8.
        var x = Models.Rows<double>(1000, 2, 4, 1);
        for (var row = 0; row < 1000; row++)
        {
            var (a, b) = (x[2 * row], x[(2 * row) + 1]);
            (x[2 * row], x[(2 * row) + 1]) = row < 300 ? (a - 10, b + 5) : (a + 20, (0.8 * a) + (0.6 * b));
        }

        var mixture = NormalMixture<double>.FromData(x, 2, 2, new RandomStream(1), diagonal);
        var (weights, means) = (mixture.Parameters[0].Values.ToArray(), mixture.Parameters[1].Values.ToArray());
        var first = means[0] < means[2] ? 0 : 1;
        Assert.That(Math.Exp(weights[first]), Is.EqualTo(0.3).Within(1e-12));

        // Means of 300 and 700 rows of deviation 1, five times their scatter.
        Assert.That(means[2 * first], Is.EqualTo(-10).Within(0.3));
        Assert.That(means[(2 * first) + 1], Is.EqualTo(5).Within(0.3));
        Assert.That(means[2 - (2 * first)], Is.EqualTo(20).Within(0.2));
        if (!diagonal)
            Assert.That(mixture.Parameters[3].Values[1 - first], Is.EqualTo(0.8).Within(0.2));
        Assert.That(() => NormalMixture<double>.FromData([1, 1, 1, 2], 1, 3, new RandomStream(1)), Throws.ArgumentException.With.Message.Contains("different rows"));
    }

    [Test]
    public void A_uniform_feature_has_no_density_outside()
    {
        using var model = On(new UniformNormal<double>([true, false], [4, 0.5]));
        var density = new double[3];
        model.LogDensity([2, 0, -1, 0.5, 2.0001, 0], density);
        var centre = -Math.Log(4) - Math.Log(0.5) - (0.5 * Math.Log(2 * Math.PI));
        Assert.That(density[0], Is.EqualTo(centre).Within(1e-14));
        Assert.That(density[1], Is.EqualTo(centre - 0.5).Within(1e-14));
        Assert.That(density[2], Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void A_conditional_normal_follows_its_network()
    {
        var encoder = new Mlp<double>([2, 4, 4], UnaryFunction.Tanh, "encoder", new RandomStream(5));
        using var model = new Flow<double>(new ConditionalNormal<double>(encoder), new Composition<double>(2));
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(1, record: false);
        var numbers = new double[4];
        tape.ReadValue(encoder.Apply(tape.Input([0.3, -0.8], 2)), numbers);
        var (density, shared) = (new double[1], new double[2]);
        model.LogDensity([1, -2], new([0.3, -0.8]), density);
        var expected = 0.0;
        foreach (var (z, at) in new[] { (1.0, 0), (-2.0, 1) })
            expected -= (0.5 * Math.Pow((z - numbers[at]) * Math.Exp(-numbers[2 + at]), 2)) + numbers[2 + at] + (0.5 * Math.Log(2 * Math.PI));
        Assert.That(density[0], Is.EqualTo(expected).Within(1e-14));
        model.LogDensity([1, -2, 1, -2], new([0.3, -0.8, 0.3, -0.8]), shared);
        Assert.That(shared, Is.All.EqualTo(density[0]));
        var x = new double[2];
        model.Sample(new RandomStream(1), 0, new([0.3, -0.8]), x, density);
        model.LogDensity(x, new([0.3, -0.8]), shared.AsSpan(0, 1));
        Assert.That(shared[0], Is.EqualTo(density[0]).Within(1e-14));
        Assert.That(model.ConvertTo<float>().ConditionColumns, Is.EqualTo(2));
        Assert.That(() => new ConditionalNormal<double>(new Mlp<double>([2, 3], UnaryFunction.Tanh, "e")), Throws.ArgumentException.With.Message.Contains("even"));
    }

    private static Flow<double> On(BaseDistribution<double> distribution) => new(distribution, new Composition<double>(distribution.Features));

    private static Flow<double> Create(string name, int features)
    {
        var model = On(LinearEntries.Bases.First(entry => entry.Name == name).Create(features));
        var stream = new RandomStream(21);
        for (var i = 0; i < model.Parameters.Parameters.Count; i++)
        {
            var parameter = model.Parameters.Parameters[i];
            var (values, moves) = (new double[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream.Substream((ulong)i).FillUniform<double>(moves);
            for (var k = 0; k < values.Length; k++)
                values[k] += 1.2 * (moves[k] - 0.5);
            parameter.Write(values);
        }

        return model;
    }
}
