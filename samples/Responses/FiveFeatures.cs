using FlowCore.Random;
using FlowCore.Templates;

namespace Responses;

/// <summary>
/// Five features that follow three nuisances in closed form: x = m(ν) + e^s(ν) ∘ n(u), where u is standard normal and n bends and mixes it, with quadratic terms and
/// terms in two nuisances. Behind it the density at any ν is known.
/// </summary>
internal static class FiveFeatures
{
    public const int Features = 5;
    public const int Nuisances = 3;

    /// <summary>± each nuisance alone, and the corners of the pairs (0, 1) and (1, 2).</summary>
    public static readonly double[][] Points =
    [
        [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1],
        [1, 1, 0], [-1, 1, 0], [1, -1, 0], [-1, -1, 0], [0, 1, 1], [0, -1, 1], [0, 1, -1], [0, -1, -1],
    ];

    /// <summary>Events at ν.</summary>
    public static float[] Sample(int rows, double[] nu, ulong seed)
    {
        var x = new float[rows * Features];
        Fill(nu, seed, 0, x);
        return x;
    }

    /// <summary>Events at ν, from <paramref name="first"/> on.</summary>
    public static void Fill(double[] nu, ulong seed, int first, Span<float> x)
    {
        var u = new double[x.Length];
        new RandomStream(seed).FillNormal<double>(u, (ulong)(first * Features));
        Span<double> y = stackalloc double[Features];
        for (var i = 0; i < x.Length / Features; i++)
        {
            Nominal(u.AsSpan(i * Features, Features), y);
            for (var j = 0; j < Features; j++)
                x[(i * Features) + j] = (float)Moved(y, j, nu);
        }
    }

    /// <summary>ln p(x | ν).</summary>
    public static double LogDensity(ReadOnlySpan<float> x, double[] nu)
    {
        // Feature by feature: each is an affine map, known from those before it, of the nominal one.
        Span<double> y = stackalloc double[Features];
        Span<double> u = stackalloc double[Features];
        var logDensity = -0.5 * Features * Math.Log(2 * Math.PI);
        for (var j = 0; j < Features; j++)
        {
            var (s, t) = (LogScale(y, j, nu), Shift(y, j, nu));
            y[j] = (x[j] - t) * Math.Exp(-s);
            var (location, logWidth) = Conditional(y, j);
            u[j] = (y[j] - location) * Math.Exp(-logWidth);
            logDensity -= (0.5 * u[j] * u[j]) + logWidth + s;
        }

        return logDensity;
    }

    /// <summary>A template.</summary>
    public static Template<float> Template(int rows, double[] nu, ulong seed) =>
        new($"({string.Join(", ", nu)})", nu, Sample(rows, nu, seed), Features);

    private static void Nominal(ReadOnlySpan<double> u, Span<double> y)
    {
        for (var j = 0; j < Features; j++)
        {
            var (location, logWidth) = Conditional(y, j);
            y[j] = location + (Math.Exp(logWidth) * u[j]);
        }
    }

    // y_0 is a mass, the others follow those before them.
    private static (double Location, double LogWidth) Conditional(ReadOnlySpan<double> y, int j) => j switch
    {
        0 => (90, Math.Log(5)),
        1 => (0.05 * (y[0] - 90), -0.2),
        2 => (0.5 * Math.Sin(y[1]), -0.5 + (0.1 * Math.Tanh(y[1]))),
        3 => (0.4 * y[2], 0),
        _ => (0.3 * y[1] * Math.Tanh(y[3]), -0.3),
    };

    private static double Moved(ReadOnlySpan<double> y, int j, double[] nu) => (y[j] * Math.Exp(LogScale(y, j, nu))) + Shift(y, j, nu);

    // A scale of the mass, widths, shifts that depend on the features before, and cross terms.
    private static double LogScale(ReadOnlySpan<double> y, int j, double[] nu) => j switch
    {
        1 => (0.15 * nu[1]) + (0.04 * nu[1] * nu[1]),
        2 => 0.1 * nu[0] * nu[1],
        3 => 0.12 * nu[2] * Math.Tanh(y[2]),
        _ => 0,
    };

    private static double Shift(ReadOnlySpan<double> y, int j, double[] nu) => j switch
    {
        0 => 1.5 * nu[0],
        1 => 0.1 * nu[0] * nu[1],
        2 => (0.2 * nu[1]) + (0.05 * nu[0] * nu[0]),
        3 => (0.25 * nu[2]) + (0.15 * nu[1] * nu[2] * Math.Tanh(y[1])),
        _ => 0.2 * nu[0] * Math.Tanh(y[3]),
    };
}
