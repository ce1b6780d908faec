using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>A bijection of one's own under every conditioner, its inverse solved for or in closed form, saved and loaded.</summary>
internal static class OwnTransform
{
    /// <summary>Runs the program.</summary>
    /// <returns>For each flow the largest |f⁻¹(f(x)) − x|, and whether the loaded flow gives the same bits.</returns>
    public static (double Deviation, bool IsSame)[] Run()
    {
        PartRegistry.Add(new OwnParts());                               // once, when the program starts
        var random = new RandomStream(1);
        var results = new List<(double Deviation, bool IsSame)>();
        foreach (var tau in (Univariate<double>[])[new SinhArcsinh<double>(), new ClosedSinhArcsinh<double>()])
        {
            var elementwise = new Elementwise<double>(tau, 2, "map");
            elementwise.Parameters[0].Write([0.4, 0.2, -0.3, -0.1]);    // skew and tail of each feature
            results.Add(Check(elementwise));
            results.Add(Check(new Conditional<double>(tau, 2, 1, [8], UnaryFunction.Tanh, "map", random)));
            results.Add(Check(new MaskedAutoregressive<double>(tau, AutoregressiveOrder.Natural(2), [8], UnaryFunction.Tanh, "map", random)));
            results.Add(Check(new Coupling<double>(tau, [true, false], 0, [8], UnaryFunction.Tanh, "map", random)));
        }

        return [.. results];
    }

    private static (double Deviation, bool IsSame) Check(Transform<double> transform)
    {
        using var flow = new Flow<double>(new StandardNormal<double>(2), transform);
        double[] x = new double[2000], z = new double[2000], back = new double[2000], density = new double[1000], again = new double[1000];
        double[] context = transform.ConditionColumns > 0 ? [0.3] : [];
        new RandomStream(2).FillNormal<double>(x);
        flow.ToNoise(x, context, z, []);
        flow.FromNoise(z, context, back, []);

        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
        flow.Save(path);
        using var loaded = Flow<double>.Load(path);
        File.Delete(path);
        flow.LogDensity(x, context, density);
        loaded.LogDensity(x, context, again);

        var deviation = x.Zip(back, (a, b) => Math.Abs(a - b)).Max();
        Console.WriteLine($"{transform.GetType().Name}: {deviation:e1} from there and back, loaded: {(density.SequenceEqual(again) ? "the same bits" : "other bits")}");
        return (deviation, density.SequenceEqual(again));
    }
}
