using System.Globalization;
using System.Text.Json;
using FlowCore.Benchmarks.Cases;
using FlowCore.Compute;
using FlowCore.Gpu;

namespace FlowCore.Benchmarks.Gpu;

/// <summary>
/// Processor against accelerator: each kernel (one core), and training step, log-density and sampling of the models (all cores), over
/// batches of 2^10 rows and more, with the size from which the accelerator is faster. Both devices take turns on each case.
/// </summary>
internal static class GpuBenchmark
{
    private const int SmallestExponent = 10;
    private const int Rounds = 5;
    private static readonly TimeSpan _share = TimeSpan.FromMilliseconds(60);

    public static int Run(GpuBenchmarkOptions options)
    {
        using var gpu = Open(options.Device);
        Console.WriteLine($"{gpu.Name}, {gpu.Info.MemoryBytes / 1073741824.0:F1} GiB, against {Device.Cpu.Name}");
        Console.WriteLine($"{"bench",-16} {"model",-22} {"rows",8} {"CPU ms",11} {"GPU ms",11} {"CPU/GPU",8} {"bytes",7}");
        var rows = new List<GpuBenchmarkRow>();
        for (var exponent = SmallestExponent; exponent <= options.LargestExponent; exponent += 2)
        {
            var count = 1 << exponent;
            using var one = new CpuDevice(1);
            Measure([.. KernelCases.On(one, count)], [.. KernelCases.On(gpu, count)], options.Filter, rows);
            Measure([.. ModelCases.On(Device.Cpu, count, count, count)], [.. ModelCases.On(gpu, count, count, count)], options.Filter, rows);
        }

        if (rows.Count == 0)
            throw new ArgumentException($"no case matches '{options.Filter}'");
        PrintBreakEven(rows);
        if (options.JsonPath is not null)
            Write(options.JsonPath, gpu.Name, rows);
        return 0;
    }

    internal static GpuDevice Open(string name) => name switch
    {
        "cuda" => GpuDevice.Cuda(),
        "opencl" => GpuDevice.OpenCl(),
        "emulated" => GpuDevice.Emulated(),
        _ => GpuDevice.Best(),
    };

    private static void Measure(List<BenchmarkCase> onCpu, List<BenchmarkCase> onGpu, string? filter, List<GpuBenchmarkRow> rows)
    {
        for (var i = 0; i < onCpu.Count; i++)
        {
            var (cpu, gpu) = (onCpu[i], onGpu[i]);
            if (filter is not null && !cpu.ToString().Contains(filter, StringComparison.OrdinalIgnoreCase))
                continue;

            // The first runs compile kernels and plan memory.
            cpu.Run();
            gpu.Run();
            gpu.Run();
            var allocated = CaseTimer.Allocation(gpu);
            var (cpuTimes, gpuTimes) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                CaseTimer.Repeat(cpu, _share, cpuTimes);
                CaseTimer.Repeat(gpu, _share, gpuTimes);
            }

            var row = new GpuBenchmarkRow(cpu.Bench, cpu.Model, cpu.Rows, Median(cpuTimes), Median(gpuTimes), allocated);
            rows.Add(row);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Bench,-16} {row.Model,-22} {row.Rows,8} {row.CpuMs,11:F4} {row.GpuMs,11:F4} {row.Ratio,8:F2} {row.GpuBytesAllocated,7}"));
        }
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    // The smallest measured size from which on the accelerator is faster at every size.
    private static void PrintBreakEven(List<GpuBenchmarkRow> rows)
    {
        Console.WriteLine();
        foreach (var group in rows.GroupBy(row => (row.Bench, row.Model)))
        {
            var faster = group.OrderByDescending(row => row.Rows).TakeWhile(row => row.Ratio > 1).ToList();
            var from = faster.Count == 0 ? "not faster at these sizes" : string.Create(CultureInfo.InvariantCulture, $"faster from {faster[^1].Rows} rows on");
            Console.WriteLine($"{group.Key.Bench,-16} {group.Key.Model,-22} {from}");
        }
    }

    private static void Write(string path, string device, List<GpuBenchmarkRow> rows)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("device", device);
            json.WriteString("bench", row.Bench);
            json.WriteString("model", row.Model);
            json.WriteNumber("rows", row.Rows);
            json.WriteNumber("cpu_ms", Math.Round(row.CpuMs, 5));
            json.WriteNumber("gpu_ms", Math.Round(row.GpuMs, 5));
            json.WriteNumber("ratio", Math.Round(row.Ratio, 3));
            json.WriteNumber("bytes_allocated", row.GpuBytesAllocated);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
