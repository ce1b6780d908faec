using System.Numerics.Tensors;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Golden;
using NUnit.Framework;
using static FlowCore.Tests.Golden.ZooComparison;

namespace FlowCore.Tests.Continuous;

/// <summary>Continuous flows of zuko: its weights give its numbers, and go back to the same tensors.</summary>
[TestFixture]
internal sealed class ZukoContinuousTests
{
    // The error of zuko's own integration, by its tolerances and the scale that it gives the log-determinant.
    private const double Value = 1e-6;
    private const double LogDet = 2e-5;

    [Test]
    public void Values_log_determinants_and_densities_are_those_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_CNF");
        using var flow = StateDictionary.ReadFlow<double>(vectors.StateDictionary);
        var (x, rows) = (vectors["x"], vectors["logp"].Length);
        var (z, logDet, logDensity, back, backLogDet) = (new double[x.Length], new double[rows], new double[rows], new double[x.Length], new double[rows]);
        flow.ToNoise(x, z, logDet);
        flow.LogDensity(x, logDensity);
        flow.FromNoise(vectors["inv_in"], back, backLogDet);
        Compare("value", z, vectors["z"], Value);
        Compare("log-det", logDet, vectors["ladj"], LogDet);
        Compare("log p", logDensity, vectors["logp"], LogDet);
        Compare("inverse", back, vectors["inv_out"], 1e-5);
        Compare("inverse's log-det", backLogDet, vectors["inv_ladj"], 1e-4);
    }

    [Test]
    public void The_default_steps_are_as_close_to_the_equation_as_adaptive_ones_of_zukos_tolerances()
    {
        var vectors = ZooVectors.Load("zuko_CNF");
        using var flow = ContinuousFlow<double>.Of(StateDictionary.ReadFlow<double>(vectors.StateDictionary));
        double[] Fixed(int steps)
        {
            flow.Steps = steps;
            var logs = new double[vectors["logp"].Length];
            flow.LogDensity(vectors["x"], logs);
            return logs;
        }

        // The slope of ELU has a kink, which an estimate of the error may not see: many steps tell the truth, with an error that falls with the square of their number.
        var exact = Fixed(1024);
        double Worst(IReadOnlyList<double> logs) => logs.Zip(exact, (a, b) => Math.Abs(a - b)).Max();
        var rows = Tensor.Create(vectors["x"], [exact.Length, flow.Features]);
        double Adaptive(double relative, double absolute) =>
            Worst(flow.LogDensityAdaptive(rows, options: new AdaptiveOptions { RelativeTolerance = relative, AbsoluteTolerance = absolute }).LogDensity);

        // 1e-5 and 1e-6 are what zuko asks of its solver where nothing is said.
        var (usual, close) = (Adaptive(1e-5, 1e-6), Adaptive(1e-8, 1e-8));
        var errors = Array.ConvertAll((int[])[6, 12, new ContinuousSettings().Steps, 64], steps => Worst(Fixed(steps)));
        TestContext.Out.WriteLine($"tolerances 1e-5 and 1e-6: {usual:g3}; 1e-6: {Adaptive(1e-6, 1e-6):g3}; 1e-8: {close:g3}; zuko's numbers: {Worst(vectors["logp"]):g3}; 6, 12, 20, 64 steps: {string.Join(", ", errors.Select(error => $"{error:g3}"))}");
        Assert.That(errors, Is.Ordered.Descending);
        Assert.That(errors[0], Is.InRange(usual, 2e-3));
        Assert.That(errors[2], Is.LessThan(usual));
        Assert.That(errors[3], Is.LessThan(2e-5));
    }

    [Test]
    public void Gradients_are_those_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_CNF");
        using var flow = StateDictionary.ReadFlow<double>(vectors.StateDictionary);
        var x = vectors["x"];
        var gradients = new double[x.Length];
        flow.LogDensityGradient(x, default, default, gradients);

        // Of mean(−ln p), by the adjoint equation there.
        var rows = vectors["logp"].Length;
        var expected = vectors["grad_x"];
        var worst = gradients.Zip(expected, (a, b) => Math.Abs((-a / rows) - b)).Max() / expected.Max(Math.Abs);
        Assert.That(worst, Is.LessThanOrEqualTo(1e-3));
    }

    [Test]
    public void A_context_stands_where_zuko_has_it()
    {
        // Tolerances of 1e-10 there, but the slope of ELU jumps, which its estimate of the error does not see: its log-determinants are 7e-7 from those of its own tolerances of 1e-12.
        var file = TensorFile.Read(GoldenFolder.File(Path.Combine("cases", "zuko_cnf_d3_c2.pt")));
        double[] Of(string name) => file[name].ToArray<double>();
        using var flow = StateDictionary.ReadFlow<double>(State(file));

        // The slope of ELU has a kink, across which the divergence is of second order.
        ContinuousPathsOf(flow).Steps = 512;
        var (x, rows) = (Of("x"), Of("logp").Length);
        var conditions = new Conditions<double>(Of("context"));
        var (z, logDet, logDensity) = (new double[x.Length], new double[rows], new double[rows]);
        flow.ToNoise(x, conditions, z, logDet);
        flow.LogDensity(x, conditions, logDensity);
        Compare("value", z, Of("z"), 1e-8);
        Compare("log-det", logDet, Of("ladj"), 2e-6);
        Compare("log p", logDensity, Of("logp"), 2e-6);
    }

    [Test]
    public void The_tensors_come_back()
    {
        var state = State(TensorFile.Read(GoldenFolder.File(Path.Combine("cases", "zuko_cnf_d3_c2.pt"))));
        using var flow = StateDictionary.ReadFlow<double>(state);
        var written = StateDictionary.Write(flow);
        Assert.That(written.Select(tensor => tensor.Name), Is.EquivalentTo(state.Select(tensor => tensor.Name)));
        foreach (var tensor in state)
            Assert.That(written[tensor.Name].ToArray<double>(), Is.EqualTo(tensor.ToArray<double>()), tensor.Name);

        // What is written says its activation.
        using var again = StateDictionary.ReadFlow<double>(written, new StateDictionaryOptions { Assumed = assumption => Assert.Fail(assumption.ToString()) });
        Assert.That(again.ContextFeatures, Is.EqualTo(2));
    }

    [Test]
    public void A_tensor_that_is_missing_or_another_is_named([Values("transform.times", "transform.freqs", "transform.ode.2.weight", "base.loc")] string name)
    {
        var state = State(TensorFile.Read(GoldenFolder.File(Path.Combine("cases", "zuko_cnf_d3_c2.pt"))));
        var without = new TensorArchive([.. state.Where(tensor => tensor.Name != name)]);
        Assert.That(() => StateDictionary.ReadFlow<double>(without), Throws.TypeOf<ModelFormatException>().With.Message.Contains(name[..^4]));
        var surplus = new TensorArchive([.. state, TensorData.Create<double>("transform.more", [1], [0])]);
        Assert.That(() => StateDictionary.ReadFlow<double>(surplus), Throws.TypeOf<ModelFormatException>().With.Message.Contains("transform.more"));
        var other = new TensorArchive([.. state.Select(tensor => tensor.Name == "transform.times" ? TensorData.Create<double>(tensor.Name, [2], [0, 2]) : tensor)]);
        Assert.That(() => StateDictionary.ReadFlow<double>(other), Throws.TypeOf<ModelFormatException>().With.Message.Contains("expected 0 and 1"));
    }

    [Test]
    public void A_flow_with_the_time_as_an_input_is_not_zukos()
    {
        using var flow = Fields.Random<double>(2, 0, new ContinuousSettings { DataFirst = true });
        Assert.That(() => StateDictionary.Write(flow), Throws.TypeOf<NotSupportedException>().With.Message.Contains("ContinuousTransform"));
    }

    private static ContinuousTransform<double> ContinuousPathsOf(Flow<double> flow) => (ContinuousTransform<double>)flow.Transform;

    private static TensorArchive State(TensorArchive file) => new(
        file.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));
}
