using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Golden;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>The models of the reference, with the reference's weights, give the reference's numbers.</summary>
[TestFixtureSource(nameof(_names))]
public sealed class GoldenTests(string name)
{
    // Both sides evaluate in double and round differently: a few hundred operations of 1.1e-16 relative error each, on
    // numbers of order ten.
    private const double DoubleTolerance = 1e-12;

    // Float carries 6e-8 a step through some hundred steps; where a spline is steep the error of x is multiplied by its
    // slope, so single rows of the edge values are further off.
    private const double SingleTypical = 1e-5;
    private const double SingleEdge = 1e-4;

    private static readonly string[] _names =
        ["nsf_d2_c2", "nsf_d2_c4", "nsf_d5_c0", "maf_d4_c3", "residual_d2_c2_k2_one_layer", "residual_d2_c3_k2"];

    private GoldenModel _golden = null!;

    private bool IsResidual => name.StartsWith("residual", StringComparison.Ordinal);

    [OneTimeSetUp]
    public void Load() => _golden = GoldenModel.Load(name);

    [Test]
    public void Log_density_agrees_in_double()
    {
        using var model = StateDictionary.Read<double>(_golden.State);
        AssertClose(LogDensity(model), _golden.Numbers<double>("log_prob_f64"), DoubleTolerance);
    }

    [Test]
    public void Log_density_agrees_in_single()
    {
        using var model = StateDictionary.Read<float>(_golden.State);
        AssertCloseInSingle(LogDensity(model), _golden.Numbers<double>("log_prob_f64"));
    }

    [Test]
    public void Noise_and_log_determinant_agree_in_double()
    {
        using var model = StateDictionary.Read<double>(_golden.State);
        var (z, logDet) = ToNoise(model);
        AssertClose(z, _golden.Numbers<double>("z_f64"), DoubleTolerance);
        if (!IsResidual)
            AssertClose(logDet, _golden.Numbers<double>("ladj_f64"), DoubleTolerance);
    }

    [Test]
    public void Inverse_agrees_in_double()
    {
        using var model = StateDictionary.Read<double>(_golden.State);
        var (x, logDet) = FromNoise(model);
        AssertClose(x, _golden.Numbers<double>("inverse_f64"), DoubleTolerance);
        if (IsResidual)
            AssertClose(logDet, _golden.Numbers<double>("inverse_ladj_f64"), DoubleTolerance);
    }

    [Test]
    public void Inverse_agrees_in_single()
    {
        using var model = StateDictionary.Read<float>(_golden.State);
        var (x, _) = FromNoise(model);
        AssertCloseInSingle(x, _golden.Numbers<double>("inverse_f64"));
    }

    [Test]
    public void Map_to_nominal_features_agrees_in_double()
    {
        if (!IsResidual)
            Assert.Pass("A flow without a residual has no such map.");
        using var model = StateDictionary.ReadFactorizable<double>(_golden.State);
        var x = _golden.Numbers<double>("x");
        var nominal = new double[x.Length];
        var logDet = new double[x.Length / _golden.Features];
        model.ToNominal(x, new(_golden.Numbers<double>("context"), _golden.Numbers<double>("nu")), nominal, logDet);
        AssertClose(nominal, _golden.Numbers<double>("x_nominal_f64"), DoubleTolerance);
        AssertClose(logDet, _golden.Numbers<double>("residual_ladj_f64"), DoubleTolerance);
    }

    [Test]
    public void Loss_and_gradients_agree_in_double()
    {
        const int Rows = 64;
        using var model = StateDictionary.Read<double>(_golden.State);
        using var kernels = model.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(model.Parameters.Length);
        tape.Begin(Rows, model.Parameters, gradients);
        var logDensity = model.LogDensity(Input(tape, "x", Rows), Conditions(tape, Rows));
        var values = new double[Rows];
        tape.ReadValue(logDensity, values);
        var seed = new double[Rows];
        Array.Fill(seed, -1.0 / Rows);
        tape.Backward(logDensity, seed);
        Assert.That(-values.Average(), Is.EqualTo(_golden.Numbers<double>("loss_f64")[0]).Within(DoubleTolerance * 10));
        var expected = _golden.Gradients;
        Assert.That(model.Parameters.Parameters.Select(parameter => parameter.Name), Is.EquivalentTo(expected.Keys));
        foreach (var parameter in model.Parameters.Parameters)
        {
            var physical = new double[parameter.Length];
            kernels.Read(gradients, parameter.Offset, physical);
            var reference = expected[parameter.Name];
            // Gradients cancel between rows, so the yardstick is the tensor's largest.
            var tolerance = 1e-10 * reference.Max(Math.Abs);
            for (var row = 0; row < parameter.Rows; row++)
            {
                for (var column = 0; column < parameter.Columns; column++)
                {
                    var at = ((parameter.RowOrder?[row] ?? row) * parameter.Columns) + (parameter.ColumnOrder?[column] ?? column);
                    Assert.That(physical[(row * parameter.Columns) + column], Is.EqualTo(reference[at]).Within(tolerance), $"{parameter.Name}[{at}]");
                }
            }
        }
    }

    [Test]
    public void Writing_gives_back_every_tensor_in_the_same_order()
    {
        using var model = StateDictionary.Read<float>(_golden.State);
        var written = StateDictionary.Write(model);
        var state = _golden.State;
        Assert.That(written.Select(tensor => tensor.Name), Is.EqualTo(state.Select(tensor => tensor.Name)));
        foreach (var tensor in written)
        {
            var original = state[tensor.Name];
            Assert.That(tensor.ElementType, Is.EqualTo(original.ElementType), tensor.Name);
            Assert.That(tensor.Shape, Is.EqualTo(original.Shape), tensor.Name);
            if (!tensor.Name.EndsWith("weight", StringComparison.Ordinal))
            {
                Assert.That(tensor.Bytes.Span.SequenceEqual(original.Bytes.Span), tensor.Name);
                continue;
            }

            // What a mask hides counts as zero.
            var mask = state[tensor.Name[..^"weight".Length] + "mask"].ToArray<bool>();
            var expected = original.ToArray<float>().Select((value, i) => mask[i] ? value : 0f);
            Assert.That(tensor.ToArray<float>(), Is.EqualTo(expected), tensor.Name);
        }
    }

    [Test]
    public void The_file_as_the_reference_saved_it_gives_the_same_model()
    {
        using var fromFile = StateDictionary.Read<double>(PyTorchStateDict.Read(_golden.StateDictionaryPath).Tensors);
        using var model = StateDictionary.Read<double>(_golden.State);
        Assert.That(LogDensity(fromFile), Is.EqualTo(LogDensity(model)));
    }

    private static void AssertClose<T>(T[] actual, double[] expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(
                double.CreateTruncating(actual[i]), Is.EqualTo(expected[i]).Within(tolerance * Math.Max(1, Math.Abs(expected[i]))), $"number {i}");
        }
    }

    private static void AssertCloseInSingle(float[] actual, double[] expected)
    {
        AssertClose(actual, expected, SingleEdge);
        var errors = actual.Zip(expected, (a, e) => Math.Abs(a - e) / Math.Max(1, Math.Abs(e))).Order().ToArray();
        Assert.That(errors[(int)(0.9 * errors.Length)], Is.LessThan(SingleTypical), "nine of ten");
    }

    private T[] LogDensity<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = _golden.Numbers<T>("x");
        var result = new T[x.Length / _golden.Features];
        model.LogDensity(x, new(_golden.Numbers<T>("context"), _golden.Numbers<T>("nu")), result);
        return result;
    }

    private (T[] Z, T[] LogDet) ToNoise<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = _golden.Numbers<T>("x");
        var (z, logDet) = (new T[x.Length], new T[x.Length / _golden.Features]);
        model.ToNoise(x, new(_golden.Numbers<T>("context"), _golden.Numbers<T>("nu")), z, logDet);
        return (z, logDet);
    }

    private (T[] X, T[] LogDet) FromNoise<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var z = _golden.Numbers<T>("z_in");
        var (x, logDet) = (new T[z.Length], new T[z.Length / _golden.Features]);
        model.FromNoise(z, new(_golden.Numbers<T>("context"), _golden.Numbers<T>("nu")), x, logDet);
        return (x, logDet);
    }

    private Variable<double> Conditions(Tape<double> tape, int rows)
    {
        var (context, nuisances) = (Input(tape, "context", rows), Input(tape, "nu", rows));
        return context.IsNone ? nuisances : nuisances.IsNone ? context : VariableFunctions.Concatenate(context, nuisances);
    }

    private Variable<double> Input(Tape<double> tape, string key, int rows)
    {
        var numbers = _golden.Numbers<double>(key);
        if (numbers.Length == 0)
            return default;
        var columns = numbers.Length / (_golden.Numbers<double>("x").Length / _golden.Features);
        return tape.Input(numbers.AsSpan(0, rows * columns), columns);
    }
}
