using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlowCore.Benchmarks.Cases;

namespace FlowCore.Benchmarks.Quick;

/// <summary>
/// A side-by-side measurement, of everything in under two minutes: each case is warmed, then the cases take turns, so that
/// a slow phase of the machine meets all of them, and the median and the tenth percentile of each are kept.
/// </summary>
internal static class QuickBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan _share = TimeSpan.FromMilliseconds(120);

    /// <summary>Measures and prints cases.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="all">Makes all cases, for a number of threads or as many as there are.</param>
    public static int Run(QuickOptions options, Func<int?, List<BenchmarkCase>> all)
    {
        var cases = all(options.Threads);
        if (options.Filter is not null)
            cases = [.. cases.Where(c => c.ToString().Contains(options.Filter, StringComparison.OrdinalIgnoreCase))];
        if (cases.Count == 0)
            throw new ArgumentException($"no case matches '{options.Filter}'");

        var samples = new List<double>[cases.Count];
        var allocated = new long[cases.Count];
        var peaks = new List<double>();
        for (var i = 0; i < cases.Count; i++)
        {
            samples[i] = [];
            CaseTimer.Repeat(cases[i], _warmUp, null);
            allocated[i] = CaseTimer.Allocation(cases[i]);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < cases.Count; i++)
            {
                peaks.Add(PeakNow());
                CaseTimer.Repeat(cases[i], _share, samples[i]);
            }
        }

        peaks.Sort();
        var peak = peaks[peaks.Count / 2];
        var rows = new List<QuickRow>();
        for (var i = 0; i < cases.Count; i++)
        {
            var sorted = samples[i];
            sorted.Sort();
            rows.Add(new QuickRow(
                cases[i].Bench, cases[i].Model, cases[i].Rows, cases[i].Threads,
                sorted[sorted.Count / 2], sorted[sorted.Count / 10], allocated[i], cases[i].Gflop, peak));
        }

        Print(rows);
        if (options.JsonPath is not null)
            Write(options.JsonPath, rows);
        return 0;
    }

    private static double PeakNow()
    {
        var before = Stopwatch.GetTimestamp();
        FmaPeak.Run();
        return FmaPeak.Gflop / Stopwatch.GetElapsedTime(before).TotalSeconds;
    }

    private static void Print(List<QuickRow> rows)
    {
        Console.WriteLine($"{"bench",-16} {"model",-22} {"rows",8} {"threads",7} {"median ms",11} {"p10 ms",11} {"bytes",7} {"GFLOP/s",9} {"of peak",8}");
        foreach (var row in rows)
        {
            var rate = row.Gflop / (row.MedianMs / 1e3);
            var speed = row.Gflop > 0 ? rate.ToString("F1", CultureInfo.InvariantCulture) : "";
            var share = row.Gflop > 0 ? (rate / (row.PeakGflops * row.Threads)).ToString("P0", CultureInfo.InvariantCulture) : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Bench,-16} {row.Model,-22} {row.Rows,8} {row.Threads,7} {row.MedianMs,11:F4} {row.P10Ms,11:F4} {row.BytesAllocated,7} {speed,9} {share,8}"));
        }
    }

    private static void Write(string path, List<QuickRow> rows)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("bench", row.Bench);
            json.WriteString("model", row.Model);
            json.WriteNumber("rows", row.Rows);
            json.WriteNumber("threads", row.Threads);
            json.WriteNumber("median_ms", Math.Round(row.MedianMs, 5));
            json.WriteNumber("p10_ms", Math.Round(row.P10Ms, 5));
            json.WriteNumber("bytes_allocated", row.BytesAllocated);
            json.WriteNumber("gflop", Math.Round(row.Gflop, 6));
            json.WriteNumber("peak_gflops", Math.Round(row.PeakGflops, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
