using System.Numerics;
using FlowCore.Compute;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Training step, log-density and sampling of densities on products of manifolds, on rows that they drew themselves.</summary>
internal static class ManifoldCases
{
    private const int Rows = 1024;
    private const int Conditions = 3;

    /// <summary>The cases on one device.</summary>
    public static IEnumerable<BenchmarkCase> On(Device device) =>
    [
        .. Of<double>(device, "e3 gggg, double", "e3", "gggg"),
        .. Of<float>(device, "e3 gggg", "e3", "gggg"),
        .. Of<double>(device, "e3 gggg | 3, double", "e3", "gggg", Conditions),
        .. Of<float>(device, "e3 gggg | 3", "e3", "gggg", Conditions),
        .. Of<double>(device, "s2 fff, double", "s2", "fff"),
        .. Of<double>(device, "s2 v, double", "s2", "v"),
        .. Of<double>(device, "s1 mm, double", "s1", "mm"),
        .. Of<double>(device, "i1 rr, double", "i1", "rr"),
        .. Of<float>(device, "e4+s2+e4 | 3", "e4+s2+e4", "gggg+n+gggg", Conditions),
    ];

    private static IEnumerable<BenchmarkCase> Of<T>(Device device, string name, string manifolds, string layers, int conditions = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pdf = new Pdf<T>(manifolds, layers, new PdfOptions { ConditionColumns = conditions == 0 ? [] : [conditions] }, device);
        var (x, context, result, samples) = (new T[Rows * pdf.Features], new T[Rows * conditions], new T[Rows], new T[Rows * pdf.Features]);
        new RandomStream(8).FillNormal<T>(context);
        pdf.Sample(new RandomStream(7), 0, new(context), x, default);
        var trainer = new Trainer<T>(pdf, new SampledRows<T>(x, context), ModelCases.EndlessSteps(Rows));
        var threads = device.Workers;
        yield return new("train_step", name, Rows, threads, 0, () => trainer.RunStep());
        yield return new("log_prob", name, Rows, threads, 0, () => pdf.LogDensity(x, new(context), result));
        yield return new("sample", name, Rows, threads, 0, () => pdf.Sample(new RandomStream(7), 0, new(context), samples, default));
    }
}
