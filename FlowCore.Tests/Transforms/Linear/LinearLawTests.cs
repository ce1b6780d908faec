using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Gpu;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Laws.Entries;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Linear;

/// <summary>What every linear, low-rank and normalising map owes: an inverse, its log-determinant, gradients, and the same numbers wherever it is computed.</summary>
[TestFixture]
internal sealed class LinearLawTests
{
    private const int Conditions = 2;

    public static IEnumerable<string> Names => [.. LinearEntries.Transforms.Select(entry => entry.Name), .. LinearEntries.Conditional.Select(entry => entry.Name)];

    [Test]
    public void Inverse_undoes_forward([ValueSource(nameof(Names))] string name, [Values(1, 2, 3, 6)] int features)
    {
        const int Rows = 60;
        using var flow = Create<double>(name, features);
        var (x, context) = (Models.Rows<double>(Rows, features, 3), Context<double>(flow, Rows));
        var (z, forward, back, inverse) = (new double[x.Length], new double[Rows], new double[x.Length], new double[Rows]);
        flow.ToNoise(x, context, z, forward);
        flow.FromNoise(z, context, back, inverse);
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-8), $"number {i}");
        for (var i = 0; i < Rows; i++)
            Assert.That(inverse[i], Is.EqualTo(-forward[i]).Within(1e-8), $"row {i}");
        flow.FromNoise(x, context, back, inverse);
        flow.ToNoise(back, context, z, forward);
        for (var i = 0; i < x.Length; i++)
            Assert.That(z[i], Is.EqualTo(x[i]).Within(1e-8), $"number {i}, the other way");
    }

    [Test]
    public void Log_determinant_is_that_of_the_jacobian([ValueSource(nameof(Names))] string name, [Values(1, 3)] int features)
    {
        const int Rows = 8;
        using var flow = Create<double>(name, features);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: true);
        var x = tape.Input(Models.Rows<double>(Rows, features, 5), features);
        var conditions = flow.ConditionColumns == 0 ? default : tape.Input(Context<double>(flow, Rows), Conditions);

        // Central differences of fourth order with a step of 1e-3: h⁴ f⁽⁵⁾ / 30 is below 1e-11, and rounding 1e-16 / h below 1e-12.
        const double Step = 1e-3;
        var z = flow.ToNoise(x, conditions, out var logDet);
        var (expected, numbers) = (new double[Rows], new double[Rows * features]);
        tape.ReadValue(logDet, expected);
        tape.ReadValue(x, numbers);
        var jacobian = new double[Rows, features, features];
        foreach (var (factor, weight) in new[] { (1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0) })
        {
            for (var k = 0; k < features; k++)
            {
                var moved = (double[])numbers.Clone();
                for (var row = 0; row < Rows; row++)
                    moved[(row * features) + k] += factor * Step;
                var result = new double[numbers.Length];
                flow.ToNoise(moved, Context<double>(flow, Rows), result, default);
                for (var i = 0; i < result.Length; i++)
                    jacobian[i / features, i % features, k] += weight * result[i] / (12 * Step);
            }
        }

        for (var row = 0; row < Rows; row++)
        {
            var matrix = new double[features * features];
            for (var i = 0; i < matrix.Length; i++)
                matrix[i] = jacobian[row, i / features, i % features];
            var pivots = new int[features];
            FlowCore.Numerics.LuDecomposition.Factor(matrix, features, pivots);
            Assert.That(expected[row], Is.EqualTo(FlowCore.Numerics.LuDecomposition.LogAbsDeterminant(matrix, features, pivots, out _)).Within(1e-9), $"row {row}");
        }
    }

    [Test]
    public void Gradients_are_those_of_differences_in_both_directions([ValueSource(nameof(Names))] string name, [Values] bool inverse)
    {
        const int Rows = 3;
        const int Features = 3;
        using var flow = Create<double>(name, Features);
        var check = new GradientCheck(Rows).Block(Models.Rows<double>(Rows, Features, 7, 0.9), Features);
        if (flow.ConditionColumns > 0)
            check.Block(Context<double>(flow, Rows), Conditions);
        if (flow.Parameters.Parameters.Count > 0)
            check.Parameters(flow.Parameters);
        var deviation = check.Run((tape, leaves) =>
        {
            var conditions = leaves.Length > 1 ? leaves[1] : default;
            var value = inverse ? flow.FromNoise(leaves[0], conditions, out var logDet) : flow.ToNoise(leaves[0], conditions, out logDet);
            return VariableFunctions.Concatenate(value, logDet);
        });
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    [Test]
    public void Single_precision_is_close_to_double([ValueSource(nameof(Names))] string name)
    {
        const int Rows = 200;
        using var wide = Create<double>(name, 3);
        using var narrow = wide.ConvertTo<float>();
        var (x, context) = (Models.Rows<float>(Rows, 3, 3), Context<float>(wide, Rows));
        var (a, b) = (new double[Rows], new float[Rows]);
        wide.LogDensity(Array.ConvertAll(x, value => (double)value), Array.ConvertAll(context, value => (double)value), a);
        narrow.LogDensity(x, context, b);

        // ln p is of order ten and the maps multiply by numbers of order one: a few hundred roundings of 6e-8.
        for (var i = 0; i < Rows; i++)
            Assert.That((double)b[i], Is.EqualTo(a[i]).Within(2e-4 * (1 + Math.Abs(a[i]))), $"row {i}");
    }

    [Test]
    public void A_row_has_the_same_bits_in_any_block([ValueSource(nameof(Names))] string name)
    {
        const int Rows = 77;
        using var flow = Create<float>(name, 3);
        var (x, context) = (Models.Rows<float>(Rows, 3, 3), Context<float>(flow, Rows));
        var (together, back, alone, aloneBack) = (new float[Rows], new float[x.Length], new float[1], new float[3]);
        flow.LogDensity(x, context, together);
        flow.FromNoise(x, context, back, default);
        for (var row = 0; row < Rows; row += 19)
        {
            var own = context.Length == 0 ? [] : context.AsSpan(row * Conditions, Conditions);
            flow.LogDensity(x.AsSpan(row * 3, 3), own, alone);
            flow.FromNoise(x.AsSpan(row * 3, 3), own, aloneBack, default);
            Assert.That(alone[0], Is.EqualTo(together[row]), $"row {row}");
            Assert.That(aloneBack, Is.EqualTo(back[(row * 3)..((row * 3) + 3)]), $"row {row}, backwards");
        }
    }

    [Test]
    public void An_accelerator_gives_the_same_numbers([ValueSource(nameof(Names))] string name)
    {
        const int Rows = 5;
        using var device = GpuDevice.Emulated();
        using var host = Create<double>(name, 3);
        using var flow = host.ConvertTo<double>(device);
        var (x, context) = (Models.Rows<double>(Rows, 3, 3), Context<double>(host, Rows));
        var (a, b, c, d) = (new double[Rows], new double[Rows], new double[x.Length], new double[x.Length]);
        host.LogDensityGradient(x, context, a, c);
        flow.LogDensityGradient(x, context, b, d);
        Assert.That(b, Is.EqualTo(a).Within(1e-10));
        Assert.That(d, Is.EqualTo(c).Within(1e-9));
        host.FromNoise(x, context, c, a);
        flow.FromNoise(x, context, d, b);
        Assert.That(b, Is.EqualTo(a).Within(1e-9));
        Assert.That(d, Is.EqualTo(c).Within(1e-9));
    }

    [Test]
    public void Nothing_is_allocated_once_warm([ValueSource(nameof(Names))] string name)
    {
        const int Rows = 40;
        using var flow = Create<float>(name, 3);
        var (x, context) = (Models.Rows<float>(Rows, 3, 3), Context<float>(flow, Rows));
        var (density, dx, back) = (new float[Rows], new float[x.Length], new float[x.Length]);
        void Use()
        {
            flow.LogDensityGradient(x, context, density, dx);
            flow.FromNoise(x, context, back, density);
        }

        Assert.That(WarmCall.Allocated(Use), Is.Zero);
    }

    private static Flow<T> Create<T>(string name, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stream = new RandomStream(17, (ulong)features);
        var entry = LinearEntries.Transforms.FirstOrDefault(item => item.Name == name);
        var transform = entry.Create is null ? LinearEntries.Conditional.First(item => item.Name == name).Create(features, Conditions, stream, "part") : entry.Create(features, stream, "part");
        for (var i = 0; i < transform.Parameters.Count; i++)
        {
            // Fresh numbers, moved: every term matters. Variances stay positive.
            var parameter = transform.Parameters[i];
            var (values, moves) = (new double[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream.Substream(100 + (ulong)i).FillUniform<double>(moves);
            for (var k = 0; k < values.Length; k++)
                values[k] += 0.4 * (moves[k] - (parameter.Trainable ? 0.5 : 0));
            parameter.Write(values);
        }

        return new Flow<T>(new StandardNormal<T>(features), transform.ConvertTo<T>());
    }

    private static T[] Context<T>(DensityModel<double> model, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => model.ConditionColumns == 0 ? [] : Models.Rows<T>(rows, Conditions, 11, 0.7);

    private static T[] Context<T>(DensityModel<float> model, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => model.ConditionColumns == 0 ? [] : Models.Rows<T>(rows, Conditions, 11, 0.7);
}
