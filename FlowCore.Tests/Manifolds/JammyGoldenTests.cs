using System.Globalization;
using FlowCore.Autodiff;
using FlowCore.IO;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>What jammy_flows, or an independent implementation of the same formulas, computed with the same weights.</summary>
[TestFixture]
internal sealed class JammyGoldenTests
{
    [TestCaseSource(typeof(JammyCase), nameof(JammyCase.Named))]
    public void Densities_and_base_points_are_the_same(JammyCase golden)
    {
        using var pdf = golden.Create();
        var expected = golden.Arrays["eval_logp"].ToArray<double>();
        var result = Evaluated(pdf, golden, "eval_x", null);
        AssertClose(result.LogDensity, expected, golden.ToleranceOf("logp"), "ln p");
        AssertClose(result.BasePoint, golden.Arrays["eval_base"].ToArray<double>(), golden.ToleranceOf("base"), "base");
        if (golden.Arrays.Contains("eval_logbase"))
            AssertClose(result.LogBase, golden.Arrays["eval_logbase"].ToArray<double>(), 20 * golden.ToleranceOf("base"), "ln base");
        if (golden.Arrays.Contains("embed_x"))
            AssertClose(Evaluated(pdf, golden, "embed_x", Coordinates.Embedding).LogDensity, golden.Arrays["embed_logp"].ToArray<double>(), golden.ToleranceOf("logp"), "ln p, embedded");
    }

    [TestCaseSource(typeof(JammyCase), nameof(JammyCase.Named))]
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

    [Test]
    public void The_published_stretch_has_the_samples_of_the_reference()
    {
        // Names and shapes of this file are those of the removed layer alone.
        var golden = JammyCase.All().Single(golden => golden.Name == "ref_e2_p_OWN_REIMPL");
        var options = FlowCore.Interop.JammyWeights.Options(golden.Options);
        using var pdf = new Pdf<double>("e2", "p", options);
        foreach (var parameter in pdf.Parameters.Parameters)
            parameter.Write(golden.Arrays[parameter.Name["layer_list.0.0.".Length..]].ToArray<double>());
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var expected = golden.Arrays["logp"].ToArray<double>();
        tape.Begin(expected.Length, record: false);
        var draw = pdf.Draw(tape.Input(golden.Arrays["z"].ToArray<double>(), 2), default);
        AssertClose(Read(tape, draw.X), golden.Arrays["x"].ToArray<double>(), 1e-10, "x");
        AssertClose(Read(tape, draw.LogDensity), expected, 1e-10, "ln p");
    }

    [TestCaseSource(typeof(JammyCase), nameof(JammyCase.Named))]
    public void Gradients_are_the_same(JammyCase golden)
    {
        if (!golden.Arrays.Contains("grad_x_of_mean_nll"))
        {
            // Only vectors that did not come from jammy_flows, one that it integrated by other steps, and layers without parameters have none.
            Assert.That(golden.Name, Does.EndWith("_OWN").Or.EqualTo("s2_c_shim").Or.Match("^(s1_y|s2_y|i1_z)$"));
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
        AssertCloseToLargest(adjoint, golden.Arrays["grad_x_of_mean_nll"].ToArray<double>(), GradientTolerance(golden), "x");
        foreach (var parameter in pdf.Parameters.Parameters)
        {
            var gradient = new double[parameter.Length];
            kernels.Read(gradients, parameter.Offset, gradient);
            var canonical = new double[parameter.Length];
            parameter.ToCanonical(gradient, canonical);
            AssertCloseToLargest(canonical, golden.Arrays[$"grad/{parameter.Name}"].ToArray<double>(), GradientTolerance(golden), parameter.Name);
        }
    }

    private static (double[] LogDensity, double[] BasePoint, double[] LogBase) Evaluated(Pdf<double> pdf, JammyCase golden, string name, Coordinates? coordinates)
    {
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var x = golden.Arrays[name].ToArray<double>();
        var rows = golden.Arrays["eval_logp"].ToArray<double>().Length;
        if (golden.Name == "ref_a2_u_OWN" && name == "embed_x")
            x = RemainderFirst(x, 3);
        tape.Begin(rows, record: false);
        var evaluation = pdf.Evaluate(tape.Input(x, pdf.ColumnsIn(coordinates)), Conditions(tape, pdf, golden, rows), coordinates, withBase: true);
        return (Read(tape, evaluation.LogDensity), Read(tape, evaluation.BasePoint), Read(tape, evaluation.LogBase));
    }

    // This file alone has the remainder of a simplex behind the other coordinates.
    private static double[] RemainderFirst(double[] x, int columns) =>
        [.. Enumerable.Range(0, x.Length).Select(i => x[(i / columns * columns) + ((i + columns - 1) % columns)])];

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
        Report(what, actual.Zip(expected, (a, e) => Math.Abs(a - e) / Math.Max(1, Math.Abs(e))).Max());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(
                Math.Abs(actual[i] - expected[i]), Is.LessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected[i]))), $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }

    // Angles agree modulo a turn.
    private static void AssertCloseAngles(double[] actual, double[] expected, double tolerance, string what) => AssertClose(
        [.. actual.Zip(expected, (a, e) => Math.Abs(Math.Abs(a - e) - Math.Tau) < 1e-3 ? e + (Math.Abs(a - e) - Math.Tau) : a)], expected, tolerance, what);

    // jammy_flows' full_pade cancels at F = ½ to 1e-10 of a value, and its slope to more.
    private static double GradientTolerance(JammyCase golden) => golden.Name.EndsWith("full_pade", StringComparison.Ordinal) ? 1e-6 : 1e-8;

    // What the documents say of the vectors comes from this.
    private static void Report(string what, double error) => TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {error:e1}"));

    // A gradient that is zero but for roundings, such as a reflection's on a line, is compared as such.
    private static void AssertCloseToLargest(double[] actual, double[] expected, double tolerance, string what)
    {
        var largest = expected.Max(Math.Abs);
        var allowed = Math.Max(tolerance * largest, 1e-14);
        Report($"gradient by {what}", actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max() / Math.Max(largest, 1e-14 / tolerance));
        for (var i = 0; i < expected.Length; i++)
            Assert.That(Math.Abs(actual[i] - expected[i]), Is.LessThanOrEqualTo(allowed), $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
    }
}
