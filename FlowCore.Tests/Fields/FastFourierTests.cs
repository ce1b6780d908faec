using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Fields;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

[TestFixture]
internal sealed class FastFourierTests
{
    private static readonly (int Height, int Width)[] _sizes =
        [(1, 1), (2, 2), (4, 4), (8, 8), (16, 4), (6, 10), (5, 7), (1, 16), (9, 1), (12, 2), (13, 11), (32, 32)];

    [Test]
    public void Transforms_are_the_sums_that_define_them([ValueSource(nameof(_sizes))] (int Height, int Width) size)
    {
        var (height, width) = size;
        var (pixels, fields) = (height * width, 3);
        var numbers = Normal(2 * fields * pixels);
        var x = new Complex[fields * pixels];
        for (var i = 0; i < x.Length; i++)
            x[i] = new Complex(numbers[i], numbers[x.Length + i]);
        var expected = new Complex[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (first, j, k) = (i - (i % pixels), i % pixels / width, i % width);
            for (var a = 0; a < pixels; a++)
                expected[i] += x[first + a] * Complex.FromPolarCoordinates(1 / Math.Sqrt(pixels), -2 * Math.PI * ((((double)j * (a / width)) / height) + (((double)k * (a % width)) / width)));
        }

        var fourier = new FastFourier(height, width);
        var (modes, back, real) = (new Complex[x.Length], new Complex[x.Length], new Complex[x.Length]);
        fourier.Transform(x, modes);
        fourier.Inverse(modes, back);
        fourier.Transform(numbers.AsSpan(0, x.Length), real);

        // Sums of N numbers of size 1 over √N.
        var tolerance = 1e-14 * Math.Max(10, pixels);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.That((modes[i] - expected[i]).Magnitude, Is.LessThan(tolerance), $"mode {i}");
            Assert.That((back[i] - x[i]).Magnitude, Is.LessThan(tolerance), $"pixel {i}");
            var mirror = i - (i % pixels) + fourier.Grid.Mirror(i % pixels);
            Assert.That((real[i] - Complex.Conjugate(real[mirror])).Magnitude, Is.LessThan(tolerance), $"the conjugate of mode {i}");
        }
    }

    [Test]
    public void The_Hartley_transform_undoes_itself_and_keeps_lengths_in_both_precisions()
    {
        var fourier = new FastFourier(12, 20);
        var x = Normal(300 * 240);
        var (h, back) = (new double[x.Length], new double[x.Length]);
        fourier.Hartley<double>(x, h);
        fourier.Hartley<double>(h, back);
        var single = Array.ConvertAll(x, value => (float)value);
        fourier.Hartley<float>(single, single);
        Assert.That(h.Sum(value => value * value), Is.EqualTo(x.Sum(value => value * value)).Within(1e-12).Percent);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-13));
            // Eight steps of numbers of size 1 to 4 in single precision.
            Assert.That(single[i], Is.EqualTo(h[i]).Within(4e-6));
        }
    }

    [Test]
    public void A_field_has_the_bits_it_has_alone()
    {
        var fourier = new FastFourier(8, 6);
        var x = Normal(7 * 48);
        var (all, one) = (new double[x.Length], new double[48]);
        fourier.Hartley<double>(x, all);
        for (var field = 0; field < 7; field++)
        {
            fourier.Hartley<double>(x.AsSpan(field * 48, 48), one);
            Assert.That(all.AsSpan(field * 48, 48).SequenceEqual(one), Is.True, $"field {field}");
        }
    }

    [Test]
    public void Adjoints_and_tangents_are_those_of_differences([Values(1, 2)] int fields)
    {
        var hartley = HartleyOperation<double>.Of(4, 6);
        var (x, v) = (Normal(3 * 24 * fields), Normal(3 * 24 * fields, 2));
        Assert.That(new GradientCheck(3).Block(x, 24 * fields).Run((_, leaves) => hartley.Apply(leaves[0]).Square()).Relative, Is.LessThan(1e-8));
        // x is used once more, so that its adjoint is added to.
        Assert.That(new GradientCheck(3).Block(x, 24 * fields).Run((_, leaves) => leaves[0].Square() + hartley.Apply(hartley.Apply(leaves[0]) * leaves[0])).Relative, Is.LessThan(1e-8));
        var tangents = new GradientCheck(3).Block(x, 24 * fields).Block(v, 24 * fields)
            .Run((tape, leaves) => tape.PushForward(hartley.Apply(leaves[0].Exp()), leaves[0], leaves[1]));
        Assert.That(tangents.Relative, Is.LessThan(1e-8));
    }

    [Test]
    public void Shared_rows_are_transformed_too()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 4);
        tape.Begin(4, record: false);
        var x = Normal(15);
        var (h, expected) = (new double[15], new double[15]);
        tape.ReadValue(HartleyOperation<double>.Of(3, 5).Apply(tape.Constant(x)), h);
        new FastFourier(3, 5).Hartley<double>(x, expected);
        Assert.That(h, Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void Wavenumbers_are_periods_along_the_longer_side_and_opposite_modes_are_equally_long()
    {
        var square = new FourierGrid(8, 8);
        Assert.That(square.Wavenumbers[0], Is.Zero);
        Assert.That(square.Wavenumbers[7], Is.EqualTo(1));
        Assert.That(square.Wavenumbers[(4 * 8) + 4], Is.EqualTo(Math.Sqrt(32)).Within(1e-14));
        Assert.That(square.Mirror((3 * 8) + 1), Is.EqualTo((5 * 8) + 7));
        Assert.That(square.Rings[9], Is.EqualTo(1), "√2 is nearer to 1");
        Assert.That(square.WholeRings, Is.EqualTo(5));
        // The lengths of (j, k) with 0 ≤ k ≤ j ≤ 4: fifteen pairs, none of equal length.
        Assert.That(square.ShellCount, Is.EqualTo(15));
        var flat = new FourierGrid(2, 8);
        Assert.That(flat.Wavenumbers[8], Is.EqualTo(4), "half a side of 2 is a quarter of the longer side's pixels");
        for (var i = 0; i < 64; i++)
            Assert.That(square.Shells[square.Mirror(i)], Is.EqualTo(square.Shells[i]));
    }

    [Test]
    public void Wrong_sizes_are_errors_that_name_the_parameter()
    {
        Assert.That(() => new FastFourier(0, 4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("height"));
        Assert.That(() => new FastFourier(2, 2).Hartley<double>(new double[5], new double[5]), Throws.ArgumentException.With.Property("ParamName").EqualTo("fields"));
        Assert.That(() => new FastFourier(2, 2).Hartley<double>(new double[4], new double[8]), Throws.ArgumentException.With.Property("ParamName").EqualTo("modes"));
        Assert.That(() => new FourierGrid(2, 2).Mirror(4), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Normal(int count, ulong seed = 1)
    {
        var numbers = new double[count];
        new RandomStream(seed).FillNormal<double>(numbers);
        return numbers;
    }
}
