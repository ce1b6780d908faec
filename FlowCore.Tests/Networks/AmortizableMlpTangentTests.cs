using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Networks;

/// <summary>The forward tangents of the amortizable perceptron are those of the tape.</summary>
[TestFixture]
internal sealed class AmortizableMlpTangentTests
{
    [Test]
    public void Tangents_are_those_that_the_tape_pushes_forward(
        [Values(0, 1, 2, 3, 4)] int highway, [Values(-1, 2)] int rank, [Values] bool isOwn)
    {
        const int Rows = 5;
        var shape = new AmortizableMlpShape(3, [7, 6], 4, [rank], highway);
        var (x, direction) = (Normal(3 * Rows, 1), Normal(3 * Rows, 2));
        var numbers = new double[shape.ParameterCount];
        shape.Fresh(numbers, new RandomStream(3), scale: 2);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: true);
        var input = tape.Input(x, 3);
        var vector = isOwn ? tape.Zeros(numbers.Length) + tape.SharedRow(numbers) : tape.SharedRow(numbers);
        var along = tape.Input(direction, 3);
        Variable<double>[] tangents = [along, along * 2.0];
        var y = shape.ApplyWithTangents<double>(input, tangents, vector);
        var expected = tape.PushForward(shape.Apply(input, vector), input, along);
        var (actual, pushed, twice) = (new double[4 * Rows], new double[4 * Rows], new double[4 * Rows]);
        tape.ReadValue(tangents[0], actual);
        tape.ReadValue(tangents[1], twice);
        tape.ReadValue(expected, pushed);

        // Sums of some ten products of order one, in another order.
        Assert.That(actual, Is.EqualTo(pushed).Within(1e-13));
        Assert.That(twice, Is.EqualTo(pushed.Select(value => 2 * value)).Within(1e-13));
        var (values, plain) = (new double[4 * Rows], new double[4 * Rows]);
        tape.ReadValue(y, values);
        tape.ReadValue(shape.Apply(input, vector), plain);
        Assert.That(values, Is.EqualTo(plain));
    }

    private static double[] Normal(int count, ulong seed)
    {
        var numbers = new double[count];
        new RandomStream(seed).FillNormal<double>(numbers);
        return numbers;
    }
}
