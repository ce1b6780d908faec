using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The matrix products and the activations against plain loops in double, for every register width.</summary>
[TestFixture(typeof(Lanes512<float>), typeof(float))]
[TestFixture(typeof(Lanes256<float>), typeof(float))]
[TestFixture(typeof(Lanes128<float>), typeof(float))]
[TestFixture(typeof(ScalarLane<float>), typeof(float))]
[TestFixture(typeof(Lanes512<double>), typeof(double))]
[TestFixture(typeof(Lanes256<double>), typeof(double))]
[TestFixture(typeof(Lanes128<double>), typeof(double))]
[TestFixture(typeof(ScalarLane<double>), typeof(double))]
internal sealed unsafe class GemmTests<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Around the tiles of 1, 2, 4, 8 and 12 and the widths of 1 to 16 numbers, and across the blocks of outputs.
    private static readonly (int Inputs, int Outputs)[] _sizes =
    [
        (1, 1), (2, 3), (3, 2), (4, 13), (5, 8), (7, 12), (8, 25), (9, 1), (11, 11), (12, 12), (13, 24), (15, 7), (16, 16), (17, 9),
        (31, 5), (32, 20), (33, 4), (47, 29), (64, 6), (65, 37), (6, 128), (128, 8), (100, 300),
    ];

    private static readonly IReadOnlyList<UnaryFunction> _activations = UnaryFunction.All;

    private readonly List<nint> _allocated = [];

    private static double Eps => typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : Math.ScaleB(1, -53);

    private static int Panel => 2 * V.Count;

    [TearDown]
    public void Free()
    {
        foreach (var address in _allocated)
            NativeMemory.AlignedFree((void*)address);
        _allocated.Clear();
    }

    [Test]
    public void Forward_is_the_product_with_bias_at_every_size()
    {
        foreach (var (inputs, outputs) in _sizes)
        {
            foreach (var rows in new[] { Panel, 3 * Panel })
            {
                foreach (var staircase in Staircases(inputs, outputs))
                {
                    foreach (var hasBias in new[] { true, false })
                    {
                        var layer = new Layer(this, rows, inputs, outputs, staircase);
                        Gemm<V, T>.Forward(
                            layer.Weight, inputs, hasBias ? layer.Bias : null, layer.X, layer.Stride, layer.Y, layer.Stride, null,
                            rows, inputs, outputs, UnaryFunction.Identity, staircase);
                        layer.CheckForward(hasBias);
                    }
                }
            }
        }
    }

    [Test]
    public void Forward_ends_with_the_activation_and_keeps_its_argument()
    {
        foreach (var activation in _activations)
        {
            var rows = 2 * Panel;
            var layer = new Layer(this, rows, 19, 23, null);
            var pre = Allocate(23 * layer.Stride);
            Gemm<V, T>.Forward(layer.Weight, 19, layer.Bias, layer.X, layer.Stride, layer.Y, layer.Stride, pre, rows, 19, 23, activation, null);
            for (var n = 0; n < 23; n++)
            {
                for (var r = 0; r < rows; r++)
                {
                    // The formula of a register has the bits of the scalar one.
                    var at = (n * layer.Stride) + r;
                    Assert.That(layer.Y[at], Is.EqualTo(ScalarFormula<T>.Value(activation, pre[at])), activation.Name);
                }
            }

            // Without a place for the argument the result has the same bits; the argument is the identity layer.
            var again = Allocate(23 * layer.Stride);
            Gemm<V, T>.Forward(layer.Weight, 19, layer.Bias, layer.X, layer.Stride, again, layer.Stride, null, rows, 19, 23, activation, null);
            AssertSameRows(again, layer.Y, layer.Stride, rows, 23, activation.Name);
            Gemm<V, T>.Forward(layer.Weight, 19, layer.Bias, layer.X, layer.Stride, again, layer.Stride, null, rows, 19, 23, UnaryFunction.Identity, null);
            AssertSameRows(again, pre, layer.Stride, rows, 23, activation.Name);
        }
    }

    [Test]
    public void A_range_of_outputs_with_a_prefix_of_inputs_has_the_bits_of_the_whole()
    {
        const int Inputs = 40;
        const int Outputs = 45;
        var rows = Panel;
        var ends = Enumerable.Range(0, Outputs).Select(n => Math.Min(Inputs, (n / 5 * 7) + 2)).ToArray();
        var staircase = new Staircase(Inputs, ends);
        var layer = new Layer(this, rows, Inputs, Outputs, staircase);
        Gemm<V, T>.Forward(layer.Weight, Inputs, layer.Bias, layer.X, layer.Stride, layer.Y, layer.Stride, null, rows, Inputs, Outputs, UnaryFunction.Elu, staircase);
        var parts = Allocate(Outputs * layer.Stride);
        for (var n = 0; n < Outputs; n += 5)
        {
            Gemm<V, T>.Forward(
                layer.Weight + (n * Inputs), Inputs, layer.Bias + n, layer.X, layer.Stride, parts + (n * layer.Stride), layer.Stride, null,
                rows, ends[n], 5, UnaryFunction.Elu, n % 2 == 0 ? staircase : null, n);
        }

        AssertSameRows(parts, layer.Y, layer.Stride, rows, Outputs, "parts");
    }

    [Test]
    public void A_row_does_not_depend_on_how_many_others_there_are()
    {
        var layer = new Layer(this, 4 * Panel, 37, 29, null);
        Gemm<V, T>.Forward(layer.Weight, 37, layer.Bias, layer.X, layer.Stride, layer.Y, layer.Stride, null, 4 * Panel, 37, 29, UnaryFunction.Silu, null);
        var part = Allocate(29 * layer.Stride);
        Gemm<V, T>.Forward(layer.Weight, 37, layer.Bias, layer.X + Panel, layer.Stride, part, layer.Stride, null, Panel, 37, 29, UnaryFunction.Silu, null);
        for (var n = 0; n < 29; n++)
            AssertSameBits(part + (n * layer.Stride), layer.Y + (n * layer.Stride) + Panel, Panel, "forward");

        Gemm<V, T>.InputAdjoint(layer.Weight, 37, layer.Dy, layer.Stride, layer.Dx, layer.Stride, 4 * Panel, 37, 29, null, accumulate: false);
        var partDx = Allocate(37 * layer.Stride);
        Gemm<V, T>.InputAdjoint(layer.Weight, 37, layer.Dy + Panel, layer.Stride, partDx, layer.Stride, Panel, 37, 29, null, accumulate: false);
        for (var k = 0; k < 37; k++)
            AssertSameBits(partDx + (k * layer.Stride), layer.Dx + (k * layer.Stride) + Panel, Panel, "input adjoint");
    }

    [Test]
    public void The_input_adjoint_is_the_transposed_product_at_every_size()
    {
        foreach (var (inputs, outputs) in _sizes)
        {
            foreach (var staircase in Staircases(inputs, outputs))
            {
                foreach (var accumulate in new[] { false, true })
                {
                    var rows = 2 * Panel;
                    var layer = new Layer(this, rows, inputs, outputs, staircase);
                    Gemm<V, T>.InputAdjoint(layer.Weight, inputs, layer.Dy, layer.Stride, layer.Dx, layer.Stride, rows, inputs, outputs, staircase, accumulate);
                    layer.CheckInputAdjoint(accumulate);
                }
            }
        }
    }

    [Test]
    public void The_weight_adjoint_adds_the_product_over_the_rows_inside_the_staircase_only()
    {
        foreach (var (inputs, outputs) in _sizes)
        {
            foreach (var rows in new[] { Panel, 3 * Panel, 32 })
            {
                foreach (var staircase in Staircases(inputs, outputs))
                {
                    var layer = new Layer(this, rows, inputs, outputs, staircase);
                    var scratch = Allocate(Gemm<V, T>.ScratchLength(rows));
                    Gemm<V, T>.WeightAdjoint(layer.Dy, layer.Stride, layer.X, layer.Stride, layer.DWeight, inputs, scratch, rows, inputs, outputs, staircase);
                    layer.CheckWeightAdjoint();
                }
            }
        }
    }

    [Test]
    public void The_activation_adjoint_multiplies_by_the_slope_and_sums_the_bias_adjoint()
    {
        foreach (var activation in _activations)
        {
            const int Outputs = 7;
            var rows = 3 * Panel;
            var stride = rows + 5;
            var pre = Allocate(Outputs * stride);
            var y = Allocate(Outputs * stride);
            var dy = Allocate(Outputs * stride);
            var original = Allocate(Outputs * stride);
            var dBias = Allocate(Outputs);
            var random = new System.Random(11);
            for (var i = 0; i < Outputs * stride; i++)
            {
                pre[i] = T.CreateChecked(FunctionRange.Of(activation, (random.NextDouble() * 4) - 2));
                y[i] = ScalarFormula<T>.Value(activation, pre[i]);
                dy[i] = original[i] = T.CreateChecked(random.NextDouble() - 0.5);
            }

            for (var n = 0; n < Outputs; n++)
                dBias[n] = T.CreateChecked(n);
            Gemm<V, T>.ActivationAdjoint(activation, y, stride, pre, stride, dy, stride, dBias, rows, Outputs);
            for (var n = 0; n < Outputs; n++)
            {
                var sum = (double)n;
                var size = (double)n;
                for (var i = n * stride; i < (n * stride) + rows; i++)
                {
                    Assert.That(dy[i], Is.EqualTo(original[i] * ScalarFormula<T>.Derivative(activation, pre[i], y[i])), $"{activation} at {pre[i]}");
                    sum += ToDouble(dy[i]);
                    size += Math.Abs(ToDouble(dy[i]));
                }

                // Each of the rows' additions rounds a partial sum no larger than size.
                Assert.That(ToDouble(dBias[n]), Is.EqualTo(sum).Within((rows + 2) * Eps * size), activation.Name);
                for (var i = (n * stride) + rows; i < (n + 1) * stride; i++)
                    Assert.That(dy[i], Is.EqualTo(original[i]), "outside the rows");
            }

            // Without a bias the adjoint is the same.
            var copy = Allocate(Outputs * stride);
            new Span<T>(original, Outputs * stride).CopyTo(new Span<T>(copy, Outputs * stride));
            Gemm<V, T>.ActivationAdjoint(activation, y, stride, pre, stride, copy, stride, null, rows, Outputs);
            AssertSameBits(copy, dy, Outputs * stride, activation.Name);
        }
    }

    [Test]
    public void Activations_keep_NaN_so_that_a_broken_loss_is_seen()
    {
        foreach (var activation in _activations)
        {
            var y = Allocate(Panel);
            new Span<T>(y, Panel).Fill(T.NaN);
            Gemm<V, T>.Activate(activation, y, null, Panel);
            Assert.That(T.IsNaN(y[0]), Is.True, activation.Name);

            var layer = new Layer(this, Panel, 3, 2, null);
            layer.Bias[0] = T.NaN;
            Gemm<V, T>.Forward(layer.Weight, 3, layer.Bias, layer.X, layer.Stride, layer.Y, layer.Stride, null, Panel, 3, 2, activation, null);
            Assert.That(T.IsNaN(layer.Y[0]), Is.True, activation.Name);
        }
    }

    // None; steps of odd heights and widths; one step that starts late; a first output that sees nothing.
    private static IEnumerable<Staircase?> Staircases(int inputs, int outputs)
    {
        yield return null;
        yield return new Staircase(inputs, [.. Enumerable.Range(0, outputs).Select(n => Math.Min(inputs, (n / 3 * 5) + 1))]);
        yield return new Staircase(inputs, [.. Enumerable.Range(0, outputs).Select(n => n < outputs / 2 ? inputs / 2 : inputs)]);
        yield return new Staircase(inputs, [.. Enumerable.Range(0, outputs).Select(n => (int)((long)inputs * n / outputs))]);
    }

    private static double ToDouble(T value) => double.CreateChecked(value);

    private static void AssertSameBits(T* a, T* b, int length, string what)
    {
        var first = new Span<byte>(a, length * sizeof(T));
        var second = new Span<byte>(b, length * sizeof(T));
        Assert.That(first.SequenceEqual(second), Is.True, what);
    }

    private static void AssertSameRows(T* a, T* b, int stride, int rows, int columns, string what)
    {
        for (var column = 0; column < columns; column++)
            AssertSameBits(a + (column * stride), b + (column * stride), rows, what);
    }

    private T* Allocate(int length)
    {
        var memory = (T*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(T)), 64);
        new Span<T>(memory, length).Clear();
        _allocated.Add((nint)memory);
        return memory;
    }

    // A layer with random numbers and the plain loops. Memory around what a kernel may write holds a mark.
    private sealed class Layer
    {
        private const double Mark = 77;

        private readonly int _rows;
        private readonly int _inputs;
        private readonly int _outputs;
        private readonly Staircase? _staircase;
        private readonly T[] _dxBefore;
        private readonly T[] _dWeightBefore;

        public Layer(GemmTests<V, T> owner, int rows, int inputs, int outputs, Staircase? staircase)
        {
            (_rows, _inputs, _outputs, _staircase) = (rows, inputs, outputs, staircase);
            Stride = rows + 3;
            Weight = owner.Allocate(inputs * outputs);
            DWeight = owner.Allocate((inputs * outputs) + Panel);
            Bias = owner.Allocate(outputs);
            X = owner.Allocate(inputs * Stride);
            Y = owner.Allocate(outputs * Stride);
            Dx = owner.Allocate(inputs * Stride);
            Dy = owner.Allocate(outputs * Stride);
            var random = new System.Random(17);
            for (var n = 0; n < outputs; n++)
            {
                Bias[n] = T.CreateChecked(random.NextDouble() - 0.5);
                for (var k = 0; k < inputs; k++)
                    Weight[(n * inputs) + k] = Inside(n, k) ? T.CreateChecked(random.NextDouble() - 0.5) : T.Zero;
            }

            foreach (var (memory, columns) in new[] { ((nint)X, inputs), ((nint)Y, outputs), ((nint)Dx, inputs), ((nint)Dy, outputs) })
            {
                for (var i = 0; i < columns * Stride; i++)
                    ((T*)memory)[i] = T.CreateChecked(i % Stride < rows ? random.NextDouble() - 0.5 : Mark);
            }

            for (var i = 0; i < (inputs * outputs) + Panel; i++)
                DWeight[i] = T.CreateChecked(random.NextDouble() - 0.5);
            _dxBefore = new Span<T>(Dx, inputs * Stride).ToArray();
            _dWeightBefore = new Span<T>(DWeight, (inputs * outputs) + Panel).ToArray();
        }

        public int Stride { get; }

        public T* Weight { get; }

        public T* DWeight { get; }

        public T* Bias { get; }

        public T* X { get; }

        public T* Y { get; }

        public T* Dx { get; }

        public T* Dy { get; }

        private string Description => $"{_rows} rows, {_inputs} inputs, {_outputs} outputs, ends {string.Join(' ', _staircase?.InputEnd.ToArray() ?? [])}";

        public void CheckForward(bool hasBias)
        {
            for (var n = 0; n < _outputs; n++)
            {
                for (var r = 0; r < Stride; r++)
                {
                    var sum = hasBias ? ToDouble(Bias[n]) : 0;
                    var size = Math.Abs(sum);
                    for (var k = 0; k < _inputs && r < _rows; k++)
                        Add(ref sum, ref size, Weight[(n * _inputs) + k], X[(k * Stride) + r]);
                    Check(Y[(n * Stride) + r], r < _rows ? sum : Mark, size, _inputs, $"output {n}, row {r}");
                }
            }
        }

        public void CheckInputAdjoint(bool accumulate)
        {
            for (var k = 0; k < _inputs; k++)
            {
                for (var r = 0; r < Stride; r++)
                {
                    var sum = accumulate ? ToDouble(_dxBefore[(k * Stride) + r]) : 0;
                    var size = Math.Abs(sum);
                    for (var n = 0; n < _outputs && r < _rows; n++)
                        Add(ref sum, ref size, Weight[(n * _inputs) + k], Dy[(n * Stride) + r]);
                    Check(Dx[(k * Stride) + r], r < _rows ? sum : Mark, size, _outputs, $"input {k}, row {r}");
                }
            }
        }

        public void CheckWeightAdjoint()
        {
            for (var n = 0; n < _outputs; n++)
            {
                for (var k = 0; k < _inputs; k++)
                {
                    var sum = ToDouble(_dWeightBefore[(n * _inputs) + k]);
                    if (!Inside(n, k))
                    {
                        Check(DWeight[(n * _inputs) + k], sum, 0, 0, $"output {n}, input {k} outside the staircase");
                        continue;
                    }

                    var size = Math.Abs(sum);
                    for (var r = 0; r < _rows; r++)
                        Add(ref sum, ref size, Dy[(n * Stride) + r], X[(k * Stride) + r]);
                    Check(DWeight[(n * _inputs) + k], sum, size, _rows, $"output {n}, input {k}");
                }
            }

            for (var i = _inputs * _outputs; i < _dWeightBefore.Length; i++)
                Assert.That(DWeight[i], Is.EqualTo(_dWeightBefore[i]), $"behind the weight: {Description}");
        }

        private static void Add(ref double sum, ref double size, T a, T b)
        {
            var product = ToDouble(a) * ToDouble(b);
            sum += product;
            size += Math.Abs(product);
        }

        private bool Inside(int n, int k) => _staircase is null || k < _staircase.InputEnd[n];

        // Each fused step rounds a partial sum no larger than the sum of the sizes; the reference loop rounds as often in double.
        private void Check(T actual, double expected, double size, int steps, string where)
        {
            if (!(Math.Abs(ToDouble(actual) - expected) <= (2 * steps + 4) * Eps * size))
                Assert.Fail($"{actual} instead of {expected} at {where}: {Description}");
        }
    }
}
