using System.Globalization;
using FlowCore.Benchmarks.Quick;

namespace FlowCore.Benchmarks.Gpu;

/// <summary>What the comparison of processor and accelerator was asked for.</summary>
internal sealed record GpuBenchmarkOptions(string Device, string? JsonPath, string? Filter, int LargestExponent)
{
    public const string Usage = "usage: gpu [--device best|cuda|opencl|emulated] [--json FILE] [--filter TEXT] [--max-rows 2^N, N from 10 to 20]";

    /// <summary>Reads the arguments behind "gpu".</summary>
    /// <exception cref="ArgumentException">An argument is unknown or lacks its value.</exception>
    public static GpuBenchmarkOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new GpuBenchmarkOptions("best", null, null, 20);
        foreach (var (name, value) in FlagReader.Read(arguments, Usage, "--device", "--json", "--filter", "--max-rows"))
        {
            options = name switch
            {
                "--json" => options with { JsonPath = value },
                "--filter" => options with { Filter = value },
                "--device" => value is "best" or "cuda" or "opencl" or "emulated"
                    ? options with { Device = value }
                    : throw new ArgumentException($"Expected best, cuda, opencl or emulated behind --device, got '{value}'."),
                _ => options with { LargestExponent = Exponent(value) },
            };
        }

        return options;
    }

    private static int Exponent(string value)
    {
        for (var exponent = 10; exponent <= 20; exponent++)
        {
            if (value == $"2^{exponent}" || value == (1 << exponent).ToString(CultureInfo.InvariantCulture))
                return exponent;
        }

        throw new ArgumentException($"Expected a power of two from 2^10 to 2^20 behind --max-rows, got '{value}'.");
    }
}
