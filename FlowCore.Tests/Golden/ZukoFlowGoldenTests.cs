using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Interop;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Golden;

/// <summary>Whole flows of zuko, read from their state dictionaries: values, log-densities, inverses and gradients.</summary>
[TestFixture]
internal sealed class ZukoFlowGoldenTests
{
    [TestCase("zuko_NCSF", null, 1e-10)]
    [TestCase("zuko_BPF", StateTransformer.Bernstein, 1e-5)]
    public void A_flow_of_zuko_has_its_numbers(string name, StateTransformer? transformer, double inverse)
    {
        // The reference inverts a polynomial numerically, to 1e-6.
        var golden = NpzFile.Read(GoldenFolder.File(Path.Combine("zoo", $"{name}.npz")));
        var state = new TensorArchive(golden.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));
        using var flow = StateDictionary.ReadFlow<double>(state, new StateDictionaryOptions { Transformer = transformer });
        var (x, rows) = (golden["x"].ToArray<double>(), golden["logp"].ToArray<double>().Length);
        var (z, logDet, density, back, inverseLogDet) = (new double[x.Length], new double[rows], new double[rows], new double[x.Length], new double[rows]);
        flow.ToNoise(x, z, logDet);
        flow.LogDensity(x, density);
        AssertClose(z, golden["z"].ToArray<double>(), 1e-11, "z");
        AssertClose(logDet, golden["ladj"].ToArray<double>(), 1e-11, "ℓ");
        AssertClose(density, golden["logp"].ToArray<double>(), 1e-11, "log p");
        flow.FromNoise(golden["inv_in"].ToArray<double>(), back, inverseLogDet);
        AssertClose(back, golden["inv_out"].ToArray<double>(), inverse, "x");
        AssertClose(inverseLogDet, golden["inv_ladj"].ToArray<double>(), 10 * inverse, "inverse ℓ");

        // Whatever the reference's inverse is good for: the way back from ours ends where it began.
        var there = new double[x.Length];
        flow.ToNoise(back, there, logDet);
        AssertClose(there, golden["inv_in"].ToArray<double>(), 1e-10, "there and back");
    }

    [TestCase("zuko_NCSF", null)]
    [TestCase("zuko_BPF", StateTransformer.Bernstein)]
    public void A_flow_of_zuko_has_its_gradients(string name, StateTransformer? transformer)
    {
        var golden = NpzFile.Read(GoldenFolder.File(Path.Combine("zoo", $"{name}.npz")));
        var state = new TensorArchive(golden.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));
        using var flow = StateDictionary.ReadFlow<double>(state, new StateDictionaryOptions { Transformer = transformer });
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        var rows = golden["logp"].ToArray<double>().Length;
        tape.Begin(rows, flow.Parameters, gradients);
        var x = tape.Input(golden["x"].ToArray<double>(), flow.Features, requiresAdjoint: true);
        var seed = new double[rows];
        Array.Fill(seed, -1.0 / rows);
        tape.Backward(flow.LogDensity(x), seed);
        var adjoint = new double[rows * flow.Features];
        tape.ReadAdjoint(x, adjoint);
        AssertCloseToLargest(adjoint, golden["grad_x"].ToArray<double>(), "x");
        foreach (var parameter in flow.Parameters.Parameters)
        {
            // Masked layers keep their neurons in an order of their own.
            var (physical, gradient) = (new double[parameter.Length], new double[parameter.Length]);
            kernels.Read(gradients, parameter.Offset, physical);
            for (var i = 0; i < physical.Length; i++)
            {
                var (row, column) = (i / parameter.Columns, i % parameter.Columns);
                gradient[((parameter.RowOrder?[row] ?? row) * parameter.Columns) + (parameter.ColumnOrder?[column] ?? column)] = physical[i];
            }

            AssertCloseToLargest(gradient, golden[$"grad/{parameter.Name}"].ToArray<double>(), parameter.Name);
        }
    }

    private static void AssertClose(double[] actual, double[] expected, double tolerance, string what)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance * (1 + Math.Abs(expected[i]))), $"{what}, number {i}");
    }

    private static void AssertCloseToLargest(double[] actual, double[] expected, string what)
    {
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-9 * largest), $"{what}, number {i}");
    }
}
