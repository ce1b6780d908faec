using BenchmarkDotNet.Running;
using FlowCore.Benchmarks.Quick;

// "quick" is the side-by-side mode of the README; everything else goes to BenchmarkDotNet.
if (args is not ["quick", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

try
{
    return QuickBenchmark.Run(QuickOptions.Parse(args.AsSpan(1)));
}
catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
