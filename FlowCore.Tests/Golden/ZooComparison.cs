using FlowCore.Autodiff;
using FlowCore.Distributions;
using NUnit.Framework;

namespace FlowCore.Tests.Golden;

/// <summary>Numbers held to those of another library.</summary>
internal static class ZooComparison
{
    // Both sides round differently in double: the vectors' README.
    public const double Value = 1e-11;
    public const double InverseLogDet = 1e-10;
    public const double Gradient = 1e-9;

    /// <summary>Holds every number to its own size.</summary>
    public static void Compare(string what, double[] actual, double[] expected, double tolerance)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]) / (1 + Math.Abs(expected[i])));
        TestContext.Out.WriteLine($"{what}: {worst:g2}");
        Assert.That(worst, Is.LessThanOrEqualTo(tolerance), what);
    }

    /// <summary>Holds every number of a gradient to the largest.</summary>
    public static void CompareWithLargest(string what, double[] actual, double[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);

        // Where turning the noise changes nothing the gradient is 0 and both sides hold rounding, some 1e-16 of the terms' order 1.
        var worst = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max() / Math.Max(expected.Max(Math.Abs), 1e-3);
        TestContext.Out.WriteLine($"{what}: {worst:g2}");
        Assert.That(worst, Is.LessThanOrEqualTo(Gradient), what);
    }

    /// <summary>Compares the gradients of the mean of ±ln p with those of the file, by x and by every trained parameter.</summary>
    /// <param name="what">What messages call it.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="vectors">The file.</param>
    /// <param name="sign">1, or −1 for the gradients of −ln p.</param>
    /// <param name="context">The conditions of the rows; empty without.</param>
    /// <param name="keyOf">The entry that holds a parameter's gradient; null for one that the file has in pieces.</param>
    public static void CompareGradients(
        string what, Flow<double> flow, ZooVectors vectors, double sign, ReadOnlySpan<double> context, Func<Parameter<double>, string?> keyOf)
    {
        foreach (var (parameter, gradient) in Gradients(what, flow, vectors, sign, context))
        {
            if (keyOf(parameter) is { } key)
                CompareWithLargest($"{what} {parameter.Name}", gradient, vectors[key]);
        }
    }

    /// <summary>The gradients by the parameters, in canonical order; that by x is compared.</summary>
    public static IReadOnlyList<(Parameter<double> Parameter, double[] Gradient)> Gradients(
        string what, Flow<double> flow, ZooVectors vectors, double sign, ReadOnlySpan<double> context)
    {
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        var x = vectors["x"];
        var rows = x.Length / flow.Features;
        tape.Begin(rows, flow.Parameters, gradients);
        var input = tape.Input(x, flow.Features, requiresAdjoint: true);
        var seed = new double[rows];
        Array.Fill(seed, sign / rows);
        tape.Backward(flow.LogDensity(input, context.IsEmpty ? default : tape.Input(context, context.Length / rows)), seed);
        var adjoint = new double[x.Length];
        tape.ReadAdjoint(input, adjoint);
        CompareWithLargest(what + " x", adjoint, vectors["grad_x"]);
        var result = new List<(Parameter<double>, double[])>();
        foreach (var parameter in flow.Parameters.Parameters)
        {
            var (physical, canonical) = (new double[parameter.Length], new double[parameter.Length]);
            kernels.Read(gradients, parameter.Offset, physical);
            parameter.ToCanonical(physical, canonical);
            result.Add((parameter, canonical));
        }

        return result;
    }
}
