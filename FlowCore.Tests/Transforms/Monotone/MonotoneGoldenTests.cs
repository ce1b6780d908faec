using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Golden;
using FlowCore.Transforms;
using NUnit.Framework;
using static FlowCore.Tests.Golden.ZooComparison;

namespace FlowCore.Tests.Transforms.Monotone;

/// <summary>Maps without a closed inverse, and flows of them, with the weights of zuko give its numbers.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class MonotoneGoldenTests
{
    // Zuko's inverse is a search that stops at 1e-6, inside of [-10, 10].
    private const double SearchedInverse = 1e-5;
    private const double SearchedRange = 9.99;
    private const double Returned = 1e-10;
    private const int Components = 8;

    private static readonly string[] _flows = ["zuko_GF", "zuko_SOSPF", "zuko_NAF", "zuko_UNAF"];

    [Test]
    public void A_gaussianization_is_that_of_zuko()
    {
        // Every number of the vectors has parameters of its own: they are features here.
        var vectors = ZooVectors.Load("zuko_T_Gaussianization");
        var (x, shifts, logScales) = (vectors["x"], vectors["raw/0"], vectors["raw/1"]);
        var transform = new Elementwise<double>(new Gaussianization<double>(Components, 1e-6), x.Length, "t");
        transform.Parameters[0].Write(Joined(shifts, logScales));
        using var flow = new Flow<double>(new StandardNormal<double>(x.Length), transform);
        var (z, back, logDet) = (new double[x.Length], new double[x.Length], new double[1]);
        flow.ToNoise(x, z, logDet);
        flow.FromNoise(z, back, default);
        Compare("value", z, vectors["y"], Value);
        Compare("log-det", logDet, [vectors["ladj"].Sum()], Value);
        Compare("inverse", back, x, 1e-8);
    }

    [TestCaseSource(nameof(_flows))]
    public void Values_log_determinants_and_densities_are_those_of_zuko(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Create<double>(name, vectors);
        var (x, rows) = (vectors["x"], vectors["logp"].Length);
        var (z, logDet, logDensity) = (new double[x.Length], new double[rows], new double[rows]);
        flow.ToNoise(x, z, logDet);
        flow.LogDensity(x, logDensity);
        Compare(name + " value", z, vectors["z"], Value);
        Compare(name + " log-det", logDet, vectors["ladj"], Value);
        Compare(name + " log p", logDensity, vectors["logp"], Value);
    }

    [TestCaseSource(nameof(_flows))]
    public void Inverses_lead_back_and_are_those_of_zuko_where_it_searches(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Create<double>(name, vectors);
        var (input, searched, searchedLogDet) = (vectors["inv_in"], vectors["inv_out"], vectors["inv_ladj"]);
        var (features, rows) = (flow.Features, searchedLogDet.Length);
        var (x, logDet, forward, forwardLogDet) = (new double[input.Length], new double[rows], new double[input.Length], new double[rows]);
        flow.FromNoise(input, x, logDet);
        flow.ToNoise(x, forward, forwardLogDet);
        var (origins, compared) = (0, 0);
        for (var row = 0; row < rows; row++)
        {
            if (double.IsNegativeInfinity(logDet[row]))
                continue;
            origins++;
            var isInside = Enumerable.Range(row * features, features).All(i => Math.Abs(searched[i]) < SearchedRange);
            compared += isInside ? 1 : 0;
            for (var i = row * features; i < (row + 1) * features; i++)
            {
                Assert.That(forward[i], Is.EqualTo(input[i]).Within(Returned * (1 + Math.Abs(input[i]))), $"{name}, row {row}");
                if (isInside)
                    Assert.That(x[i], Is.EqualTo(searched[i]).Within(SearchedInverse * (1 + Math.Abs(x[i]))), $"{name}, row {row}");
            }

            Assert.That(forwardLogDet[row], Is.EqualTo(-logDet[row]).Within(1e-8 * (1 + Math.Abs(logDet[row]))), $"{name}, row {row}");
        }

        TestContext.Out.WriteLine($"{name}: {rows} rows, {origins} have an origin, {compared} where zuko searches");
        Assert.That(origins, Is.GreaterThan(rows / 4));
        Assert.That(compared, Is.GreaterThan(0));
    }

    [TestCaseSource(nameof(_flows))]
    public void Gradients_are_those_of_zuko(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Create<double>(name, vectors);
        foreach (var (parameter, gradient) in Gradients(name, flow, vectors, -1, []))
            CompareWithLargest($"{name} {parameter.Name}", gradient, Of(vectors, "grad/", parameter.Name));
    }

    [TestCaseSource(nameof(_flows))]
    public void State_dictionaries_are_read(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = StateDictionary.ReadFlow<double>(vectors.StateDictionary);
        var logDensity = new double[vectors["logp"].Length];
        flow.LogDensity(vectors["x"], logDensity);
        Compare(name + " log p", logDensity, vectors["logp"], Value);

        // The names are those that the library's own flows have, so a model file of the one is read by the other.
        using var own = Create<double>(name, vectors);
        Assert.That(flow.Parameters.Parameters.Select(parameter => parameter.Name), Is.EqualTo(own.Parameters.Parameters.Select(parameter => parameter.Name)));
    }

    [TestCaseSource(nameof(_flows))]
    public void State_dictionaries_that_lack_a_tensor_or_have_one_too_many_are_refused_by_its_name(string name)
    {
        var tensors = ZooVectors.Load(name).StateDictionary;
        foreach (var missing in tensors.Where(tensor => tensor.Name.StartsWith("transform.transforms.2", StringComparison.Ordinal)))
        {
            var without = new TensorArchive(tensors.Where(tensor => tensor.Name != missing.Name));
            Assert.That(() => StateDictionary.ReadFlow<double>(without), Throws.TypeOf<ModelFormatException>(), missing.Name);
        }

        var surplus = new TensorArchive([.. tensors, TensorData.Create<double>("transform.transforms.2.more", [1], [0])]);
        Assert.That(() => StateDictionary.ReadFlow<double>(surplus), Throws.TypeOf<ModelFormatException>().With.Message.Contains("transforms.2.more"));
    }

    // Acceptance: |log p in float − log p in double| is at most 1e-3.
    [TestCase("zuko_GF")]
    [TestCase("zuko_NAF")]
    public void Densities_in_single_precision_follow_double(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Create<float>(name, vectors);
        var logDensity = new float[vectors["logp"].Length];
        flow.LogDensity(Array.ConvertAll(vectors["x"], value => (float)value), logDensity);
        var worst = logDensity.Zip(vectors["logp"], (a, b) => Math.Abs(a - b)).Max();
        TestContext.Out.WriteLine($"{name}: {worst:g2}");
        Assert.That(worst, Is.LessThanOrEqualTo(1e-3));
    }

    private static Flow<T> Create<T>(string name, ZooVectors vectors)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Features = 3;
        var flow = name switch
        {
            "zuko_GF" => GaussianizationFlow.Create<T>(new GaussianizationFlowSettings { Features = Features, Squeeze = 1e-6 }),
            "zuko_SOSPF" => SumOfSquaresFlow.Create<T>(Features),
            "zuko_NAF" => NeuralAutoregressiveFlow.Create<T>(Features),
            "zuko_UNAF" => UnconstrainedAutoregressiveFlow.Create<T>(Features),
            _ => throw new ArgumentException(name),
        };
        foreach (var parameter in flow.Parameters.Parameters)
            parameter.Write(Array.ConvertAll(Of(vectors, "param/", parameter.Name), T.CreateTruncating));
        return flow;
    }

    // Zuko keeps shifts and log-scales apart.
    private static double[] Of(ZooVectors vectors, string kind, string name) => name.EndsWith(".raw", StringComparison.Ordinal)
        ? Joined(vectors[kind + name.Replace(".raw", ".phi.0", StringComparison.Ordinal)], vectors[kind + name.Replace(".raw", ".phi.1", StringComparison.Ordinal)])
        : vectors[kind + name];

    private static double[] Joined(double[] shifts, double[] logScales)
    {
        var raw = new double[2 * shifts.Length];
        for (var at = 0; at < raw.Length; at++)
        {
            var (feature, k) = Math.DivRem(at, 2 * Components);
            raw[at] = k < Components ? shifts[(feature * Components) + k] : logScales[(feature * Components) + k - Components];
        }

        return raw;
    }
}
