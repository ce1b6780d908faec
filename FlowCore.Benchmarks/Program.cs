using BenchmarkDotNet.Running;
using FlowCore.Benchmarks.Quick;

// "quick" is the side-by-side mode of the README, "gpu" the comparison with an accelerator; everything else goes to BenchmarkDotNet.
if (args is not ["quick" or "gpu", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

try
{
    if (args[0] == "quick")
        return QuickBenchmark.Run(QuickOptions.Parse(args.AsSpan(1)));
#if FLOWCORE_GPU
    return FlowCore.Benchmarks.Gpu.GpuBenchmark.Run(FlowCore.Benchmarks.Gpu.GpuBenchmarkOptions.Parse(args.AsSpan(1)));
#else
    throw new ArgumentException("The comparison with an accelerator is left out of this build; build with -p:Gpu=true to have it.");
#endif
}
catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
