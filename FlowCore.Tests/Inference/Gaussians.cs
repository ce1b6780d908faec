using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Inference;
using FlowCore.Transforms;

namespace FlowCore.Tests.Inference;

/// <summary>Normal distributions as flows x = L z + b with free L and b, and as targets.</summary>
internal static class Gaussians
{
    /// <summary>x = a z + b.</summary>
    public static Flow<double> OneDimensional(double a, double b) => Linear([a], [b]);

    /// <summary>x = L z + b with a lower triangular L, row-major.</summary>
    public static Flow<double> Linear(double[] lower, double[] bias)
    {
        var map = new TriangularLinear<double>(bias.Length, "map");
        map.Parameters[0].Write(lower);
        map.Parameters[1].Write(bias);
        return new Flow<double>(new StandardNormal<double>(bias.Length), new Inverted<double>(map));
    }

    /// <summary>½ N(−2, ½²) + ½ N(2, ½²) times e^c.</summary>
    public static ITarget<double> Bimodal(double c = 0) => Target.Of<double>(1, x => BimodalLogDensity(x) + c);

    public static Variable<double> BimodalLogDensity(Variable<double> x)
    {
        var left = ((x + 2.0) * 2.0).NormalLogDensity();
        var right = ((x - 2.0) * 2.0).NormalLogDensity();
        // The factors ½ of the share and 2 of the scale cancel.
        return VariableFunctions.Concatenate(left, right).LogSumExp();
    }

    /// <summary>Draws of the bimodal density.</summary>
    public static double[] BimodalSamples(int count, ulong seed)
    {
        var x = new double[count];
        new FlowCore.Random.RandomStream(seed).FillNormal<double>(x);
        for (var i = 0; i < count; i++)
            x[i] = (x[i] / 2) + (i % 2 == 0 ? 2 : -2);
        return x;
    }
}
