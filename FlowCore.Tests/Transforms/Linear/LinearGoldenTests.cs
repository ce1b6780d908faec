using FlowCore.Distributions;
using FlowCore.Tests.Golden;
using FlowCore.Transforms;
using NUnit.Framework;
using static FlowCore.Tests.Golden.ZooComparison;

namespace FlowCore.Tests.Transforms.Linear;

/// <summary>Linear and low-rank maps with the weights of other libraries give their numbers.</summary>
[TestFixture]
internal sealed class LinearGoldenTests
{
    private static readonly string[] _nflows = ["nflows_lu_linear", "nflows_naive_linear", "nflows_svd_linear", "nflows_householder"];

    [TestCaseSource(nameof(_nflows))]
    public void Values_log_determinants_and_inverses_are_those_of_nflows(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(Create(name, vectors), vectors);
        var (x, y) = (vectors["x"], vectors["y"]);
        var rows = vectors["logabsdet"].Length;
        var (z, logDet, back, inverse) = (new double[x.Length], new double[rows], new double[x.Length], new double[rows]);
        flow.ToNoise(x, z, logDet);
        flow.FromNoise(y, back, inverse);
        Compare(name + " value", z, y, Value);
        Compare(name + " log-det", logDet, vectors["logabsdet"], Value);
        Compare(name + " inverse", back, x, InverseLogDet);
        Compare(name + " inverse log-det", inverse, vectors["inv_logabsdet"], InverseLogDet);
    }

    [TestCaseSource(nameof(_nflows))]
    public void Gradients_are_those_of_nflows(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(Create(name, vectors), vectors);
        CompareGradients(name, flow, vectors, sign: 1, default, parameter => "grad/" + parameter.Name["t.".Length..]);
    }

    [TestCase("normflows_planar_tanh")]
    [TestCase("normflows_radial")]
    public void Values_log_determinants_and_inverses_are_those_of_normflows(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(name == "normflows_radial" ? new Radial<double>(2, "t") : new Planar<double>(2, "t"), vectors);
        var (z, x) = (vectors["z"], vectors["x"]);
        var rows = vectors["log_det"].Length;
        var (forward, logDet, back, inverse) = (new double[x.Length], new double[rows], new double[x.Length], new double[rows]);

        // Its forward direction, from noise to data, is that of the class by itself.
        flow.ToNoise(z, forward, logDet);
        flow.FromNoise(x, back, inverse);
        Compare(name + " value", forward, x, Value);
        Compare(name + " log-det", logDet, vectors["log_det"], Value);
        Compare(name + " inverse", back, z, InverseLogDet);
        Compare(name + " inverse log-det", inverse, [.. vectors["log_det"].Select(value => -value)], InverseLogDet);
    }

    [Test]
    public void A_rotation_is_that_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_T_Rotation");
        var transform = new RotationLinear<double>(4, "t");
        transform.Parameters[0].Write(vectors["raw/0"]);
        using var flow = new Flow<double>(new StandardNormal<double>(4), transform);
        var (x, y) = (vectors["x"], vectors["y"]);
        var (z, logDet, back) = (new double[x.Length], new double[x.Length / 4], new double[x.Length]);
        flow.ToNoise(x, z, logDet);
        flow.FromNoise(y, back, default);
        Compare("rotation value", z, y, Value);
        Assert.That(logDet, Is.All.Zero);
        Compare("rotation inverse", back, x, Value);
    }

    private static Transform<double> Create(string name, ZooVectors vectors) => name switch
    {
        "nflows_lu_linear" => new LuLinear<double>(3, "t"),
        "nflows_naive_linear" => new DenseLinear<double>(3, "t"),
        "nflows_svd_linear" => new SvdLinear<double>(3, vectors["param/orthogonal_1.q_vectors"].Length / 3, "t"),
        "nflows_householder" => new HouseholderLinear<double>(3, vectors["param/q_vectors"].Length / 3, "t"),
        _ => throw new ArgumentException(name),
    };

    private static Flow<double> Flow(Transform<double> transform, ZooVectors vectors)
    {
        // A radial flow stores the number of features beside its parameters.
        Assert.That(transform.Parameters.Select(parameter => parameter.Name["t.".Length..]), Is.EquivalentTo(vectors.Parameters.Where(key => key != "d")));
        foreach (var parameter in transform.Parameters)
            parameter.Write(vectors["param/" + parameter.Name["t.".Length..]]);
        return new Flow<double>(new StandardNormal<double>(transform.Features), transform);
    }
}
