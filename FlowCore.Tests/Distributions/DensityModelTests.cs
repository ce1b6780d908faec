using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using NUnit.Framework;

namespace FlowCore.Tests.Distributions;

[TestFixture]
public sealed class DensityModelTests
{
    private static readonly string[] _kinds = ["spline", "spline, two passes", "spline, random order", "spline without context", "affine", "affine, random order", "factorizable", "factorizable, two layers"];

    [TestCaseSource(nameof(_kinds))]
    public void From_noise_undoes_to_noise(string kind)
    {
        using var model = Create<double>(kind);
        var (x, c, nu) = RowsFor<double>(model, 300);
        var (z, forward) = (new double[x.Length], new double[300]);
        model.ToNoise(x, new(c, nu), z, forward);
        var (back, inverse) = (new double[x.Length], new double[300]);
        model.FromNoise(z, new(c, nu), back, inverse);
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-9), $"number {i}");
        for (var i = 0; i < forward.Length; i++)
            Assert.That(inverse[i], Is.EqualTo(-forward[i]).Within(1e-9), $"row {i}");
    }

    [TestCaseSource(nameof(_kinds))]
    public void Log_determinant_is_that_of_the_differentiated_map(string kind)
    {
        const int Rows = 20;
        using var model = Create<double>(kind);
        var features = model.Features;
        var (x, c, nu) = RowsFor<double>(model, Rows);
        var (z, logDet) = (new double[x.Length], new double[Rows]);
        model.ToNoise(x, new(c, nu), z, logDet);
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var jacobians = new double[Rows, features, features];
        for (var j = 0; j < features; j++)
        {
            tape.Begin(Rows, record: true);
            var input = tape.Input(x, features, requiresAdjoint: true);
            var output = model.ToNoise(input, Conditions(tape, model, c, nu), out _);
            tape.Backward(tape.Slice(output, j, 1), Ones(Rows));
            var adjoint = new double[x.Length];
            tape.ReadAdjoint(input, adjoint);
            for (var row = 0; row < Rows; row++)
            {
                for (var k = 0; k < features; k++)
                    jacobians[row, j, k] = adjoint[(row * features) + k];
            }
        }

        for (var row = 0; row < Rows; row++)
            Assert.That(LogAbsDeterminant(jacobians, row, features), Is.EqualTo(logDet[row]).Within(1e-9), $"row {row}");
    }

    [TestCase("spline")]
    [TestCase("affine")]
    [TestCase("factorizable")]
    [TestCase("factorizable, two layers")]
    public void Density_integrates_to_one(string kind)
    {
        using var model = Create<double>(kind, features: 2);
        // The trapezoidal rule over ±12 in steps of 0.06: beyond it a normal tail of less than 1e-20 is left, and what
        // is inside is smooth but for the kinks at the knots, which cost the square of the step.
        const int Steps = 401;
        const double Width = 24, Step = Width / (Steps - 1);
        var x = new double[2 * Steps * Steps];
        for (var i = 0; i < Steps; i++)
        {
            for (var j = 0; j < Steps; j++)
            {
                x[2 * ((i * Steps) + j)] = (i * Step) - (Width / 2);
                x[(2 * ((i * Steps) + j)) + 1] = (j * Step) - (Width / 2);
            }
        }

        var logDensity = new double[Steps * Steps];
        var (_, c, nu) = RowsFor<double>(model, 1);
        model.LogDensity(x, new(c, nu), logDensity);
        Assert.That(logDensity.Sum(Math.Exp) * Step * Step, Is.EqualTo(1).Within(2e-3));
    }

    [TestCaseSource(nameof(_kinds))]
    public void Gradients_are_those_of_central_differences(string kind)
    {
        const int Rows = 12;
        using var model = Create<double>(kind);
        var (x, c, nu) = RowsFor<double>(model, Rows);
        var (logDensity, dx, dc, dnu) = (new double[Rows], new double[x.Length], new double[c.Length], new double[nu.Length]);
        model.LogDensityGradient(x, new(c, nu), logDensity, dx, dc, dnu);
        var again = new double[Rows];
        model.LogDensity(x, new(c, nu), again);
        Assert.That(logDensity, Is.EqualTo(again));
        Check(x, dx, "x");
        Check(c, dc, "context");
        Check(nu, dnu, "nuisances");

        void Check(double[] values, double[] gradient, string name)
        {
            var columns = values.Length / Rows;
            var (plus, minus) = (new double[Rows], new double[Rows]);
            for (var j = 0; j < columns; j++)
            {
                // Truncation goes as the step squared, rounding as 1e-16 / step: both about 1e-9 of the curvature here.
                const double Step = 1e-5;
                Shift(values, columns, j, Step);
                model.LogDensity(x, new(c, nu), plus);
                Shift(values, columns, j, -2 * Step);
                model.LogDensity(x, new(c, nu), minus);
                Shift(values, columns, j, Step);
                for (var row = 0; row < Rows; row++)
                {
                    var expected = (plus[row] - minus[row]) / (2 * Step);
                    Assert.That(gradient[(row * columns) + j], Is.EqualTo(expected).Within(1e-5 * Math.Max(1, Math.Abs(expected))), $"{name}, row {row}, column {j}");
                }
            }
        }
    }

    [TestCaseSource(nameof(_kinds))]
    public void Gradients_through_sampling_are_those_of_central_differences(string kind)
    {
        const int Rows = 8;
        using var model = Create<double>(kind);
        var (z, c, nu) = RowsFor<double>(model, Rows);
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(model.Parameters.Length);
        tape.Begin(Rows, model.Parameters, gradients);
        var noise = tape.Input(z, model.Features, requiresAdjoint: true);
        var x = model.FromNoise(noise, Conditions(tape, model, c, nu), out _);
        tape.Backward(SumColumnsOperation<double>.Instance.Apply(x), Ones(Rows));
        var dz = new double[z.Length];
        tape.ReadAdjoint(noise, dz);
        const double Step = 1e-5;
        for (var j = 0; j < model.Features; j++)
        {
            Shift(z, model.Features, j, Step);
            var plus = Sums();
            Shift(z, model.Features, j, -2 * Step);
            var minus = Sums();
            Shift(z, model.Features, j, Step);
            for (var row = 0; row < Rows; row++)
            {
                var expected = (plus[row] - minus[row]) / (2 * Step);
                Assert.That(dz[(row * model.Features) + j], Is.EqualTo(expected).Within(1e-5 * Math.Max(1, Math.Abs(expected))), $"noise, row {row}, column {j}");
            }
        }

        var all = new double[model.Parameters.Length];
        kernels.Read(gradients, 0, all);
        foreach (var parameter in model.Parameters.Parameters)
        {
            // Every seventh number, and of a masked weight only those that exist.
            for (var i = 0; i < parameter.Length; i += 7)
            {
                if (parameter.Staircase is { } staircase && i % parameter.Columns >= staircase.InputEnd[i / parameter.Columns])
                {
                    Assert.That(all[parameter.Offset + i], Is.Zero, $"{parameter.Name}[{i}] is masked");
                    continue;
                }

                var value = parameter.Values[i];
                parameter.Values[i] = value + Step;
                var plus = Sums().Sum();
                parameter.Values[i] = value - Step;
                var minus = Sums().Sum();
                parameter.Values[i] = value;
                var expected = (plus - minus) / (2 * Step);
                Assert.That(all[parameter.Offset + i], Is.EqualTo(expected).Within(1e-5 * Math.Max(1, Math.Abs(expected))), $"{parameter.Name}[{i}]");
            }
        }

        double[] Sums()
        {
            var values = new double[z.Length];
            model.FromNoise(z, new(c, nu), values, default);
            return [.. Enumerable.Range(0, Rows).Select(row => values.AsSpan(row * model.Features, model.Features).ToArray().Sum())];
        }
    }

    [TestCaseSource(nameof(_kinds))]
    public void Results_have_the_same_bits_for_any_number_of_threads_and_any_split(string kind)
    {
        const int Rows = 1500;
        using var one = new CpuDevice(1);
        using var two = new CpuDevice(2);
        using var model = Create<float>(kind, device: one);
        using var twin = Create<float>(kind, device: two);
        var (x, c, nu) = RowsFor<float>(model, Rows);
        var (a, b) = (new float[Rows], new float[Rows]);
        model.LogDensity(x, new(c, nu), a);
        twin.LogDensity(x, new(c, nu), b);
        Assert.That(b, Is.EqualTo(a), "threads");
        foreach (var cut in (int[])[1, 37, 256, 700])
        {
            twin.LogDensity(x.AsSpan(0, cut * model.Features), new(Part(c, model.ContextFeatures, 0, cut), Part(nu, model.Nuisances, 0, cut)), b.AsSpan(0, cut));
            twin.LogDensity(
                x.AsSpan(cut * model.Features), new(Part(c, model.ContextFeatures, cut, Rows - cut), Part(nu, model.Nuisances, cut, Rows - cut)), b.AsSpan(cut));
            Assert.That(b, Is.EqualTo(a), $"cut at {cut}");
        }

        var (samples, others) = (new float[x.Length], new float[x.Length]);
        model.Sample(new RandomStream(3), 0, new(c, nu), samples, a);
        twin.Sample(new RandomStream(3), 0, new(c, nu), others, b);
        Assert.That(others, Is.EqualTo(samples), "samples");
        Assert.That(b, Is.EqualTo(a), "log-density of the samples");
        const int Cut = 333;
        twin.Sample(new RandomStream(3), Cut, new(Part(c, model.ContextFeatures, Cut, Rows - Cut), Part(nu, model.Nuisances, Cut, Rows - Cut)), others.AsSpan(Cut * model.Features), default);
        Assert.That(others, Is.EqualTo(samples), "samples in parts");
    }

    [TestCaseSource(nameof(_kinds))]
    public void Samples_carry_the_density_that_evaluation_gives(string kind)
    {
        const int Rows = 400;
        using var model = Create<double>(kind);
        var (_, c, nu) = RowsFor<double>(model, Rows);
        var (x, logDensity, again) = (new double[Rows * model.Features], new double[Rows], new double[Rows]);
        model.Sample(new RandomStream(8), 0, new(c, nu), x, logDensity);
        model.LogDensity(x, new(c, nu), again);
        for (var row = 0; row < Rows; row++)
            Assert.That(logDensity[row], Is.EqualTo(again[row]).Within(1e-8), $"row {row}");
    }

    [TestCaseSource(nameof(_kinds))]
    public void One_context_row_stands_for_all(string kind)
    {
        const int Rows = 70;
        using var model = Create<double>(kind);
        var (x, c, nu) = RowsFor<double>(model, Rows);
        var oneContext = Part(c, model.ContextFeatures, 0, 1).ToArray();
        var oneNu = Part(nu, model.Nuisances, 0, 1).ToArray();
        double[] manyContexts = [.. Enumerable.Repeat(oneContext, Rows).SelectMany(row => row)];
        double[] manyNus = [.. Enumerable.Repeat(oneNu, Rows).SelectMany(row => row)];
        var (a, b) = (new double[Rows], new double[Rows]);
        model.LogDensity(x, new(oneContext, oneNu), a);
        model.LogDensity(x, new(manyContexts, manyNus), b);
        Assert.That(a, Is.EqualTo(b));
        var (dxOne, dcOne, dnuOne) = (new double[x.Length], new double[c.Length], new double[nu.Length]);
        var (dxMany, dcMany, dnuMany) = (new double[x.Length], new double[c.Length], new double[nu.Length]);
        model.LogDensityGradient(x, new(oneContext, oneNu), default, dxOne, dcOne, dnuOne);
        model.LogDensityGradient(x, new(manyContexts, manyNus), default, dxMany, dcMany, dnuMany);
        Assert.That(dxOne, Is.EqualTo(dxMany));
        Assert.That(dcOne, Is.EqualTo(dcMany));
        Assert.That(dnuOne, Is.EqualTo(dnuMany));
    }

    [TestCaseSource(nameof(_kinds))]
    public void Warm_calls_on_spans_allocate_nothing(string kind)
    {
        const int Rows = 600;
        using var device = new CpuDevice(1);
        using var model = Create<float>(kind, device: device);
        var (x, c, nu) = RowsFor<float>(model, Rows);
        var (values, scalars) = (new float[x.Length], new float[Rows]);
        var (dc, dnu) = (new float[c.Length], new float[nu.Length]);
        var allocated = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            model.LogDensity(x, new(c, nu), scalars);
            model.ToNoise(x, new(c, nu), values, scalars);
            model.FromNoise(x, new(c, nu), values, scalars);
            model.Sample(new RandomStream(1), 0, new(c, nu), values, scalars);
            model.LogDensityGradient(x, new(c, nu), scalars, values, dc, dnu);
            // The first rounds plan the memory, and the runtime may allocate when it compiles a method anew.
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Calls_from_several_threads_wait_for_each_other()
    {
        const int Rows = 500;
        using var model = Create<float>("spline");
        var (x, c, nu) = RowsFor<float>(model, Rows);
        var expected = new float[Rows];
        model.LogDensity(x, new(c, nu), expected);
        Parallel.For(0, 16, _ =>
        {
            var actual = new float[Rows];
            model.LogDensity(x, c, actual);
            Assert.That(actual, Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_row_that_is_not_finite_is_refused_by_row_and_column()
    {
        using var model = Create<float>("spline");
        var (x, c, nu) = RowsFor<float>(model, 700);
        x[(601 * model.Features) + 2] = float.NaN;
        x[(650 * model.Features) + 1] = float.PositiveInfinity;
        var result = new float[700];
        Assert.That(
            () => model.LogDensity(x, new(c, nu), result),
            Throws.ArgumentException.With.Message.Contains("got NaN in row 601, column 2 of 'x'").And.Property("ParamName").EqualTo("x"));
        model.AllowNonFinite = true;
        Assert.That(() => model.LogDensity(x, new(c, nu), result), Throws.Nothing);
        Assert.That(result[0], Is.Not.NaN);
    }

    [Test]
    public void A_context_that_is_not_finite_is_refused()
    {
        using var model = Create<float>("spline");
        var (x, c, nu) = RowsFor<float>(model, 5);
        c[3] = float.NegativeInfinity;
        Assert.That(() => model.LogDensity(x, new(c, nu), new float[5]), Throws.ArgumentException.With.Message.Contains("row 1, column 1 of 'context'"));
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var model = Create<float>("spline");
        var (x, c, nu) = RowsFor<float>(model, 4);
        Assert.That(() => model.LogDensity(x.AsSpan(1), new(c, nu), new float[4]), Throws.ArgumentException.With.Message.Contains("rows of 3 numbers"));
        Assert.That(() => model.LogDensity(x, new(c.AsSpan(1), nu), new float[4]), Throws.ArgumentException.With.Property("ParamName").EqualTo("context"));
        Assert.That(() => model.LogDensity(x, new(default, nu), new float[4]), Throws.ArgumentException.With.Property("ParamName").EqualTo("context"));
        Assert.That(() => model.LogDensity(x, new(c, [1f]), new float[4]), Throws.ArgumentException.With.Message.Contains("takes no nuisances"));
        Assert.That(() => model.LogDensity(x, new(c, nu), new float[5]), Throws.ArgumentException.With.Property("ParamName").EqualTo("destination"));
        Assert.That(() => model.LogDensity(Tensor.Create(x, [3, 4]), Tensor.Create(c, [4, 2])), Throws.ArgumentException.With.Message.Contains("[n, 3]"));
    }

    [Test]
    public void Tensors_give_the_numbers_of_spans()
    {
        using var model = Create<float>("factorizable");
        var (x, c, nu) = RowsFor<float>(model, 9);
        var expected = new float[9];
        model.LogDensity(x, new(c, nu), expected);
        var actual = model.LogDensity(Tensor.Create(x, [9, 3]), Tensor.Create(c, [9, 2]), Tensor.Create(nu, [9, 3]));
        Assert.That(actual.ToArray(), Is.EqualTo(expected));
        var (samples, density) = model.SampleWithLogDensity(9, 4, Tensor.Create(c, [9, 2]), Tensor.Create(nu, [9, 3]));
        Assert.That(samples.Lengths.ToArray(), Is.EqualTo(new nint[] { 9, 3 }));
        Assert.That(samples.ToArray(), Is.EqualTo(model.Sample(9, 4, Tensor.Create(c, [9, 2]), Tensor.Create(nu, [9, 3])).ToArray()));
        Assert.That(density.Lengths.ToArray(), Is.EqualTo(new nint[] { 9 }));
    }

    [Test]
    public void No_rows_are_no_error()
    {
        using var model = Create<float>("spline without context");
        model.LogDensity(ReadOnlySpan<float>.Empty, default);
        Assert.That(model.Sample(0, 1).FlattenedLength, Is.EqualTo((nint)0));
    }

    [TestCaseSource(nameof(_kinds))]
    public void Conversion_between_precisions_keeps_the_model(string kind)
    {
        using var model = Create<float>(kind);
        using DensityModel<double> twin = model is Flow<float> flow ? flow.ConvertTo<double>() : ((FlowCore.Factorizable.FactorizableFlow<float>)model).ConvertTo<double>();
        var (x, c, nu) = RowsFor<float>(model, 50);
        var (a, b) = (new float[50], new double[50]);
        model.LogDensity(x, new(c, nu), a);
        twin.LogDensity(Array.ConvertAll(x, v => (double)v), new(Array.ConvertAll(c, v => (double)v), Array.ConvertAll(nu, v => (double)v)), b);
        for (var row = 0; row < 50; row++)
            Assert.That(a[row], Is.EqualTo(b[row]).Within(1e-3 * Math.Max(1, Math.Abs(b[row]))), $"row {row}");
    }

    internal static DensityModel<T> Create<T>(string kind, int features = 3, Device? device = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => kind switch
        {
            "spline" => Models.Spline<T>(features, 2, device),
            "spline, two passes" => Models.Spline<T>(features, 2, device, passes: 2),
            "spline, random order" => Models.Spline<T>(features, 2, device, randomOrder: true),
            "spline without context" => Models.Spline<T>(features, 0, device),
            "affine" => Models.Affine<T>(features, 2, device),
            "affine, random order" => Models.Affine<T>(features, 0, device, randomOrder: true, activation: UnaryFunction.Gelu),
            "factorizable" => Models.Factorizable<T>(features, 2, 1, device),
            "factorizable, two layers" => Models.Factorizable<T>(features, 2, 2, device),
            _ => throw new ArgumentException(kind),
        };

    internal static (T[] X, T[] Context, T[] Nuisances) RowsFor<T>(DensityModel<T> model, int rows)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        (Models.Rows<T>(rows, model.Features, 11), Models.Rows<T>(rows, model.ContextFeatures, 12, 1), Models.Rows<T>(rows, model.Nuisances, 13, 0.7));

    private static ReadOnlySpan<T> Part<T>(T[] values, int columns, int start, int count) => values.AsSpan(start * columns, count * columns);

    private static Variable<double> Conditions(Tape<double> tape, DensityModel<double> model, double[] c, double[] nu) =>
        ConditionRows.Load<double>(tape, c, model.ContextFeatures, nu, model.Nuisances);

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static void Shift(double[] values, int columns, int column, double step)
    {
        for (var i = column; i < values.Length; i += columns)
            values[i] += step;
    }

    /// <summary>ln |det| by elimination with pivots.</summary>
    private static double LogAbsDeterminant(double[,,] matrices, int index, int size)
    {
        var a = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                a[i, j] = matrices[index, i, j];
        }

        var sum = 0.0;
        for (var k = 0; k < size; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < size; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k]))
                    pivot = i;
            }

            for (var j = 0; j < size; j++)
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            sum += Math.Log(Math.Abs(a[k, k]));
            for (var i = k + 1; i < size; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < size; j++)
                    a[i, j] -= factor * a[k, j];
            }
        }

        return sum;
    }
}
