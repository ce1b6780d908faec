using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Random;
using FlowCore.Templates;

namespace QuickStart;

/// <summary>A response from templates in one call, and the value of its nuisance that some data has.</summary>
internal static class ResponseFromTemplates
{
    private const int Events = 8_000;

    /// <summary>Runs the program. The truth: a mass x₀ ~ N(91 + ν, (3 e^(ν/10))²), and x₁ ~ N(ν/4 + (x₀ − 91)/8, 1).</summary>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>ν as it is read off data that was made at ν = 0.6, and its error.</returns>
    public static (double Nuisance, double Error) Run(ResponseFitOptions? options = null)
    {
        var nominal = new Template<float>("nominal", [0], Sample(0, seed: 1), features: 2);
        Template<float>[] templates = [new("up", [1], Sample(1, seed: 2), 2), new("down", [-1], Sample(-1, seed: 3), 2)];
        using var model = Response.Fit(nominal, templates, out var result, options);
        foreach (var closure in result.Closures)
            Console.WriteLine(closure);

        // −ln L(ν) of the data by its density at any ν. Near its minimum it is a parabola, of which three points say everything.
        var data = Sample(0.6, seed: 9);
        var (below, middle, above) = (Deviance(model, data, 0.4f), Deviance(model, data, 0.6f), Deviance(model, data, 0.8f));
        var curvature = (below - (2 * middle) + above) / (0.2 * 0.2);
        var nuisance = 0.6 - ((above - below) / (2 * 0.2) / curvature);
        var error = 1 / Math.Sqrt(curvature);
        Console.WriteLine($"The data has nu = {nuisance:f3} ± {error:f3}; it was made at 0.6.");
        return (nuisance, error);
    }

    private static double Deviance(FactorizableFlow<float> model, float[] x, float nuisance)
    {
        var density = new float[x.Length / 2];
        model.LogDensity(x, new Conditions<float>(default, [nuisance]), density);
        return -density.Sum(value => (double)value);
    }

    private static float[] Sample(double nu, ulong seed)
    {
        var x = new float[2 * Events];
        new RandomStream(seed).FillNormal<float>(x);
        for (var i = 0; i < x.Length; i += 2)
        {
            var mass = nu + (3 * Math.Exp(nu / 10) * x[i]);
            (x[i], x[i + 1]) = ((float)(91 + mass), (float)((nu / 4) + (mass / 8) + x[i + 1]));
        }

        return x;
    }
}
