using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>Every register width gives the bits of the scalar formula.</summary>
[TestFixture(typeof(Lanes512<float>), typeof(float))]
[TestFixture(typeof(Lanes256<float>), typeof(float))]
[TestFixture(typeof(Lanes128<float>), typeof(float))]
[TestFixture(typeof(Lanes512<double>), typeof(double))]
[TestFixture(typeof(Lanes256<double>), typeof(double))]
[TestFixture(typeof(Lanes128<double>), typeof(double))]
internal sealed unsafe class LaneMathWidthTests<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private delegate TLane Function<TLane>(TLane x);

    [Test]
    public void Functions_of_one_number_equal_the_scalar_formula_bit_by_bit()
    {
        Assert.Multiple(() =>
        {
            Check("Exp", LaneMath<V, T>.Exp, LaneMath<ScalarLane<T>, T>.Exp);
            Check("Expm1", LaneMath<V, T>.Expm1, LaneMath<ScalarLane<T>, T>.Expm1);
            Check("Log", LaneMath<V, T>.Log, LaneMath<ScalarLane<T>, T>.Log);
            Check("Log1p", LaneMath<V, T>.Log1p, LaneMath<ScalarLane<T>, T>.Log1p);
            Check("Tanh", LaneMath<V, T>.Tanh, LaneMath<ScalarLane<T>, T>.Tanh);
            Check("Sigmoid", LaneMath<V, T>.Sigmoid, LaneMath<ScalarLane<T>, T>.Sigmoid);
            Check("Softplus", LaneMath<V, T>.Softplus, LaneMath<ScalarLane<T>, T>.Softplus);
            Check("NormalCdf", LaneMath<V, T>.NormalCdf, LaneMath<ScalarLane<T>, T>.NormalCdf);
            Check("Sin", LaneMath<V, T>.Sin, LaneMath<ScalarLane<T>, T>.Sin);
            Check("Cos", LaneMath<V, T>.Cos, LaneMath<ScalarLane<T>, T>.Cos);
            Check("Sqrt", V.Sqrt, ScalarLane<T>.Sqrt);
            Check("Abs", V.Abs, ScalarLane<T>.Abs);
            Check("Round", V.Round, ScalarLane<T>.Round);
            Check("Floor", V.Floor, ScalarLane<T>.Floor);
            Check("Negate", x => -x, x => -x);
        });
    }

    [Test]
    public void Operations_on_two_numbers_equal_the_scalar_ones_bit_by_bit()
    {
        T[] values = [T.Zero, T.One, -T.One, T.Pi, T.CreateChecked(-0.1), T.CreateChecked(1e10), T.CreateChecked(1e-10), T.PositiveInfinity, T.NegativeInfinity];
        foreach (var b in values)
        {
            var second = V.Create(b);
            var scalar = ScalarLane<T>.Create(b);
            Check("Add", x => x + second, x => x + scalar);
            Check("Subtract", x => x - second, x => x - scalar);
            Check("Multiply", x => x * second, x => x * scalar);
            Check("Divide", x => x / second, x => x / scalar);
            Check("FusedMultiplyAdd", x => V.FusedMultiplyAdd(x, second, second), x => ScalarLane<T>.FusedMultiplyAdd(x, scalar, scalar));
            Check("Less", x => V.Select(V.LessThan(x, second), x, second), x => ScalarLane<T>.Select(ScalarLane<T>.LessThan(x, scalar), x, scalar));
            Check("LessOrEqual", x => V.Select(V.LessThanOrEqual(x, second), x, second), x => ScalarLane<T>.Select(ScalarLane<T>.LessThanOrEqual(x, scalar), x, scalar));
            Check("Equal", x => V.Select(V.Equal(x, second), -x, x), x => ScalarLane<T>.Select(ScalarLane<T>.Equal(x, scalar), -x, x));
            Check(
                "And, or",
                x => V.Select(V.LessThan(x, second) & V.LessThan(-x, second) | V.Equal(x, second), x, second),
                x => ScalarLane<T>.Select(ScalarLane<T>.LessThan(x, scalar) & ScalarLane<T>.LessThan(-x, scalar) | ScalarLane<T>.Equal(x, scalar), x, scalar));
        }
    }

    [Test]
    public void The_smaller_and_the_larger_of_two_numbers_are_found()
    {
        var a = T.CreateChecked(-2.5);
        var b = T.CreateChecked(1.5);
        Assert.Multiple(() =>
        {
            Assert.That(First(V.Min(V.Create(a), V.Create(b))), Is.EqualTo(a));
            Assert.That(First(V.Min(V.Create(b), V.Create(a))), Is.EqualTo(a));
            Assert.That(First(V.Max(V.Create(a), V.Create(b))), Is.EqualTo(b));
            Assert.That(First(V.Max(V.Create(b), V.Create(a))), Is.EqualTo(b));
        });
    }

    [Test]
    public void Decompose_and_scale_are_inverse_to_each_other()
    {
        var half = T.Sqrt(T.CreateChecked(0.5));
        foreach (var value in Numbers())
        {
            if (!(value > T.Zero) || !T.IsNormal(value))
                continue;
            var mantissa = V.Decompose(V.Create(value), out var exponent);
            Assert.That(First(mantissa) >= half && First(mantissa) < half * T.CreateChecked(2), Is.True, value.ToString());
            Assert.That(First(exponent), Is.EqualTo(T.Round(First(exponent))));
            Assert.That(First(V.ScaleByPowerOfTwo(mantissa, exponent)), Is.EqualTo(value));
        }
    }

    [Test]
    public void Partial_loads_and_stores_touch_the_first_lanes_only()
    {
        var source = stackalloc T[V.Count];
        var destination = stackalloc T[V.Count];
        for (var count = 0; count <= V.Count; count++)
        {
            for (var i = 0; i < V.Count; i++)
            {
                source[i] = T.CreateChecked(i + 1);
                destination[i] = T.CreateChecked(-1);
            }

            V.StorePartial(V.Load(source), destination, count);
            for (var i = 0; i < V.Count; i++)
                Assert.That(destination[i], Is.EqualTo(i < count ? T.CreateChecked(i + 1) : T.CreateChecked(-1)));
            V.Store(V.LoadPartial(source, count), destination);
            for (var i = 0; i < V.Count; i++)
                Assert.That(destination[i], Is.EqualTo(i < count ? T.CreateChecked(i + 1) : T.Zero));
        }
    }

    [Test]
    public void The_sum_adds_the_halves_pairwise()
    {
        var values = stackalloc T[V.Count];
        var random = new System.Random(5);
        for (var i = 0; i < V.Count; i++)
            values[i] = T.CreateChecked(random.NextDouble());
        var sum = V.Sum(V.Load(values));
        for (var half = V.Count / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
                values[i] += values[i + half];
        }

        Assert.That(sum, Is.EqualTo(values[0]));
    }

    private static T First(V value) => ((T*)&value)[0];

    private static void Check(string name, Function<V> wide, Function<ScalarLane<T>> scalar)
    {
        var numbers = Numbers();
        var buffer = stackalloc T[V.Count];
        for (var start = 0; start < numbers.Length; start += V.Count)
        {
            for (var i = 0; i < V.Count; i++)
                buffer[i] = numbers[(start + i) % numbers.Length];
            V.Store(wide(V.Load(buffer)), buffer);
            for (var i = 0; i < V.Count; i++)
            {
                var x = numbers[(start + i) % numbers.Length];
                var expected = scalar(ScalarLane<T>.Create(x)).Value;
                var same = T.IsNaN(expected) ? T.IsNaN(buffer[i]) : expected.Equals(buffer[i]) && T.IsNegative(expected) == T.IsNegative(buffer[i]);
                if (!same)
                    Assert.Fail($"{name}({x}) is {buffer[i]} in lane {i}, {expected} as a scalar");
            }
        }
    }

    // All magnitudes from subnormal to the largest, both signs, the special values, and the arguments where functions vary.
    private static T[] Numbers()
    {
        var numbers = new List<T>
        {
            T.Zero, T.NegativeZero, T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, -T.Epsilon, T.One, -T.One,
        };
        var random = new System.Random(3);
        for (var exponent = -330; exponent <= 310; exponent++)
        {
            var size = T.CreateSaturating(double.Parse($"{1 + random.NextDouble()}e{exponent}", System.Globalization.CultureInfo.InvariantCulture));
            numbers.Add(size);
            numbers.Add(-size);
        }

        for (var i = 0; i < 3000; i++)
        {
            numbers.Add(T.CreateChecked(random.NextDouble() * 10 - 5));
            numbers.Add(T.CreateChecked(random.NextDouble() * 220 - 110));
            numbers.Add(T.CreateChecked(random.NextDouble() * 1500 - 750));
        }

        return [.. numbers];
    }
}
