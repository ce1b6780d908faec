using BenchmarkDotNet.Running;
using FlowCore.Benchmarks.Cases;
using FlowCore.Benchmarks.Gpu;
using FlowCore.Benchmarks.Quick;

// "quick" is the side-by-side mode of the README, "zoo" the same for all ready-made flows, "manifolds" for densities on products of them, "fields" for convolutions and flows of fields, "gpu" the comparison with an accelerator; everything else goes to BenchmarkDotNet.
if (args is not ["quick" or "zoo" or "manifolds" or "fields" or "gpu", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

try
{
    return args[0] switch
    {
        "quick" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.All),
        "zoo" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.Zoo),
        "manifolds" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.Manifolds),
        "fields" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.Fields),
        _ => GpuBenchmark.Run(GpuBenchmarkOptions.Parse(args.AsSpan(1))),
    };
}
catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
