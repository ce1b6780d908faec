using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>What jammy_flows, or an independent implementation of the same formulas, computed with the same weights.</summary>
[TestFixture]
internal sealed class JammyGoldenTests
{
    // The published map without its softening, whose evaluation is another function: its own test compares the sampling.
    private static IEnumerable<JammyCase> Cases() => JammyCase.All().Where(golden => golden.Name != "ref_e2_p_OWN_REIMPL");

    [TestCaseSource(nameof(Cases))]
    public void Densities_and_base_points_are_the_same(JammyCase golden)
    {
        using var pdf = golden.Create();
        var expected = golden.Arrays["eval_logp"].ToArray<double>();
        var result = Evaluated(pdf, golden, "eval_x", null);
        AssertClose(result.LogDensity, expected, golden.ToleranceOf("logp"), "ln p");
        AssertClose(result.BasePoint, golden.Arrays["eval_base"].ToArray<double>(), golden.ToleranceOf("base"), "base");
        AssertClose(result.LogBase, golden.Arrays["eval_logbase"].ToArray<double>(), 20 * golden.ToleranceOf("base"), "ln base");
        if (golden.Arrays.Contains("embed_x"))
            AssertClose(Evaluated(pdf, golden, "embed_x", Coordinates.Embedding).LogDensity, golden.Arrays["embed_logp"].ToArray<double>(), golden.ToleranceOf("logp"), "ln p, embedded");
    }

    [TestCaseSource(nameof(Cases))]
    public void Samples_are_the_same(JammyCase golden)
    {
        using var pdf = golden.Create();
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var z = golden.Arrays["sample_z"].ToArray<double>();
        var rows = golden.Arrays["sample_logp"].ToArray<double>().Length;
        tape.Begin(rows, record: false);
        var draw = pdf.Draw(tape.Input(z, pdf.NoiseFeatures), Conditions(tape, pdf, golden, rows));
        AssertCloseAngles(Read(tape, draw.X), golden.Arrays["sample_x"].ToArray<double>(), golden.ToleranceOf("sample"), "x");
        AssertClose(Read(tape, draw.LogDensity), golden.Arrays["sample_logp"].ToArray<double>(), golden.ToleranceOf("sample_logp"), "ln p");
        if (golden.Arrays.Contains("sample_logbase"))
            AssertClose(Read(tape, draw.LogBase), golden.Arrays["sample_logbase"].ToArray<double>(), 1e-10, "ln base");
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_are_the_same(JammyCase golden)
    {
        if (!golden.Arrays.Contains("grad_x_of_mean_nll"))
        {
            // Only vectors that did not come from jammy_flows, and one that it integrated by other steps, have none.
            Assert.That(golden.Name, Does.EndWith("_OWN").Or.EqualTo("s2_c_shim"));
            return;
        }

        using var pdf = golden.Create();
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(Math.Max(1, pdf.Parameters.Length));
        var rows = golden.Arrays["eval_logp"].ToArray<double>().Length;
        tape.Begin(rows, pdf.Parameters, gradients);
        var x = tape.Input(golden.Arrays["eval_x"].ToArray<double>(), pdf.Features, requiresAdjoint: true);
        var seed = new double[rows];
        Array.Fill(seed, -1.0 / rows);
        tape.Backward(pdf.LogDensity(x, Conditions(tape, pdf, golden, rows)), seed);
        var adjoint = new double[rows * pdf.Features];
        tape.ReadAdjoint(x, adjoint);
        AssertCloseToLargest(adjoint, golden.Arrays["grad_x_of_mean_nll"].ToArray<double>(), "x");
        foreach (var parameter in pdf.Parameters.Parameters)
        {
            var gradient = new double[parameter.Length];
            kernels.Read(gradients, parameter.Offset, gradient);
            var canonical = new double[parameter.Length];
            parameter.ToCanonical(gradient, canonical);
            AssertCloseToLargest(canonical, golden.Arrays[$"grad/{parameter.Name}"].ToArray<double>(), parameter.Name);
        }
    }

    private static (double[] LogDensity, double[] BasePoint, double[] LogBase) Evaluated(Pdf<double> pdf, JammyCase golden, string name, Coordinates? coordinates)
    {
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var x = golden.Arrays[name].ToArray<double>();
        var rows = golden.Arrays["eval_logp"].ToArray<double>().Length;
        tape.Begin(rows, record: false);
        var evaluation = pdf.Evaluate(tape.Input(x, pdf.ColumnsIn(coordinates)), Conditions(tape, pdf, golden, rows), coordinates, withBase: true);
        return (Read(tape, evaluation.LogDensity), Read(tape, evaluation.BasePoint), Read(tape, evaluation.LogBase));
    }

    private static Variable<double> Conditions(Tape<double> tape, Pdf<double> pdf, JammyCase golden, int rows) =>
        pdf.ConditionColumns == 0 ? default : tape.Input(golden.Conditions(rows), pdf.ConditionColumns);

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }

    private static void AssertClose(double[] actual, double[] expected, double tolerance, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(
                Math.Abs(actual[i] - expected[i]), Is.LessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected[i]))), $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }

    // Angles agree modulo a turn.
    private static void AssertCloseAngles(double[] actual, double[] expected, double tolerance, string what) => AssertClose(
        [.. actual.Zip(expected, (a, e) => Math.Abs(Math.Abs(a - e) - Math.Tau) < 1e-3 ? e + (Math.Abs(a - e) - Math.Tau) : a)], expected, tolerance, what);

    private static void AssertCloseToLargest(double[] actual, double[] expected, string what)
    {
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.That(Math.Abs(actual[i] - expected[i]), Is.LessThanOrEqualTo(1e-8 * largest), $"{what}[{i}]: expected {expected[i]}, got {actual[i]}, largest {largest}");
    }
}
