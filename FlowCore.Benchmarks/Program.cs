using BenchmarkDotNet.Running;
using FlowCore.Benchmarks.Cases;
using FlowCore.Benchmarks.Gpu;
using FlowCore.Benchmarks.Quick;
using FlowCore.Benchmarks.Tables;

// "quick" is the side-by-side mode of the README, "zoo" the same for all ready-made flows, "manifolds" for densities on products of them, "continuous" for continuous flows,
// "fields" for convolutions and flows of fields, "tables" for files of rows, "gpu" the comparison with an accelerator; everything else goes to BenchmarkDotNet.
if (args is not ["quick" or "zoo" or "manifolds" or "continuous" or "fields" or "tables" or "gpu", ..])
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
        "tables" => TableBenchmark.Run(TableBenchmarkOptions.Parse(args.AsSpan(1))),
        "continuous" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.Continuous),
        "fields" => QuickBenchmark.Run(QuickOptions.Parse(args[0], args.AsSpan(1)), CaseList.Fields),
        _ => GpuBenchmark.Run(GpuBenchmarkOptions.Parse(args.AsSpan(1))),
    };
}
catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
