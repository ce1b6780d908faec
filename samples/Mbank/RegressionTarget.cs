using System.Numerics.Tensors;
using FlowCore.Random;

namespace Mbank;

/// <summary>A normal distribution in two dimensions of mean (0.5, −0.3), deviations 1 and 0.7, correlation 0.6, far inside the box; its logarithm lacks the constant.</summary>
internal static class RegressionTarget
{
    /// <summary>The box reaches from minus this to this in both directions.</summary>
    public const double HalfWidth = 20;

    private const double Correlation = 0.6;
    private const double Second = 0.7;

    // Rows are drawn this much more widely than the target, so that its flanks are covered.
    private const double Wider = 1.2;

    /// <summary>C, the logarithm of the integral of e^w: ln (2π σ₀ σ₁ √(1 − ρ²)). Outside the box there is less than 10⁻²⁰ of it.</summary>
    public static double Constant { get; } = Math.Log(2 * Math.PI * Second * Math.Sqrt(1 - (Correlation * Correlation)));

    /// <summary>Draws rows and computes w = −½ q(x) there.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>[rows, 2] and [rows].</returns>
    public static (Tensor<double> X, Tensor<double> LogDensity) Draw(int rows, ulong seed)
    {
        var x = new double[2 * rows];
        var logDensity = new double[rows];
        new RandomStream(seed).FillNormal<double>(x);
        for (var i = 0; i < rows; i++)
        {
            var (a, b) = (Wider * x[2 * i], Wider * x[(2 * i) + 1]);
            logDensity[i] = -0.5 * ((a * a) + (b * b));
            x[2 * i] = 0.5 + a;
            x[(2 * i) + 1] = -0.3 + (Second * ((Correlation * a) + (Math.Sqrt(1 - (Correlation * Correlation)) * b)));
        }

        return (Tensor.Create(x, [rows, 2]), Tensor.Create(logDensity, [rows]));
    }
}
