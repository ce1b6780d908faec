using System.Diagnostics;
using System.Globalization;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Training;
using PureHDF;
using Tables;

namespace FlowCore.Benchmarks.Tables;

/// <summary>
/// How fast columns of numbers are read and written, and a density fitted to and evaluated on a file larger than the memory limit. Every line ends with the
/// most memory that the process has had so far: for that of one step, run it alone.
/// </summary>
internal static class TableBenchmark
{
    private const int BlockRows = 1 << 14;

    public static int Run(TableBenchmarkOptions options)
    {
        foreach (var step in options.Steps)
        {
            switch (step)
            {
                case "write":
                    foreach (var format in options.Formats)
                        Write(options, format);
                    break;
                case "read":
                    foreach (var format in options.Formats)
                        Read(options, format);
                    break;
                case "fit":
                    Fit(options);
                    break;
                case "evaluate":
                    Evaluate(options);
                    break;
                default:
                    throw new ArgumentException($"expected the steps write, read, fit and evaluate, got '{step}'");
            }
        }

        return 0;
    }

    private static void Write(TableBenchmarkOptions options, string format)
    {
        var columns = options.Columns;
        string[] names = [.. Enumerable.Range(0, columns).Select(j => string.Create(CultureInfo.InvariantCulture, $"c{j}"))];
        var block = new float[BlockRows * columns];
        var stream = new RandomStream(1);
        if (format == "h5")
        {
            // The package writes what is in memory: one array.
            var all = new float[options.Rows, columns];
            for (var i = 0; i < options.Rows; i += BlockRows)
            {
                FillBlock(block, columns, stream, i);
                for (var k = 0; k < Math.Min(BlockRows, options.Rows - i) * columns; k++)
                    all[i + (k / columns), k % columns] = block[k];
            }

            var file = new H5File { ["rows"] = new H5Dataset(all, chunks: [BlockRows, (uint)columns]) };
            var started = Stopwatch.GetTimestamp();
            file.Write(options.File(format));
            Say($"{format} write", options.Rows, started);
            return;
        }

        using var writer = TableWriter.Create(options.File(format), names, isSingle: true);
        var time = Stopwatch.GetTimestamp();
        for (var row = 0; row < options.Rows; row += BlockRows)
        {
            FillBlock(block, columns, stream, row);
            writer.Write(block.AsSpan(0, Math.Min(BlockRows, options.Rows - row) * columns));
        }

        writer.Complete();
        Say($"{format} write", options.Rows, time);
    }

    // Normal numbers, each column leaning on the one before: something to learn.
    private static void FillBlock(float[] block, int columns, RandomStream stream, int row)
    {
        stream.FillNormal<float>(block, (ulong)row * (ulong)columns);
        for (var i = 0; i < block.Length; i++)
        {
            if (i % columns > 0)
                block[i] = (0.5f * block[i]) + (0.5f * MathF.Min(block[i - 1] * block[i - 1], 9));
        }
    }

    private static void Read(TableBenchmarkOptions options, string format)
    {
        using var table = Table.Open(options.File(format), new TableOptions { MemoryLimit = options.Memory });
        Pass(table, [.. Enumerable.Range(0, table.Columns.Count)], $"{format} read {table.Columns.Count} columns");
        Pass(table, [0, 1], $"{format} read 2 of {table.Columns.Count} columns");
    }

    private static void Pass(Table table, int[] columns, string what)
    {
        var started = Stopwatch.GetTimestamp();
        using var reader = table.Read(columns);
        var block = new float[BlockRows * columns.Length];
        var rows = 0L;
        for (int read; (read = reader.Next(block)) > 0;)
            rows += read;
        Say(what, rows, started);
    }

    private static void Fit(TableBenchmarkOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var table = Table.Open(options.File("parquet"), new TableOptions { MemoryLimit = options.Memory, ScratchFolder = options.Folder });
        var columns = new TableColumns([.. Enumerable.Range(0, table.Columns.Count)]);
        var (training, validation) = TableData<float>.LoadSplit(table, columns, 0.1, 1);
        using (training)
        using (validation)
        {
            Say(training.IsSpooled ? "read and spool" : "read into memory", training.Count + validation.Count, started);
            started = Stopwatch.GetTimestamp();
            var settings = new DensityFitOptions { Training = new TrainingOptions { Epochs = options.Epochs, BatchSize = 1024, EarlyStopping = null } };
            using var flow = Density.Fit(training, validation, table.Columns.Count, 0, out var result, settings);
            Say($"fit {options.Epochs} epochs", training.Count * options.Epochs, started);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"validation loss {result.Training.BestValidationLoss:f4}"));
            flow.Save(Path.Combine(options.Folder, "model.safetensors"));
        }
    }

    private static void Evaluate(TableBenchmarkOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        using var flow = Flow<float>.Load(Path.Combine(options.Folder, "model.safetensors"));
        using var table = Table.Open(options.File("parquet"), new TableOptions { MemoryLimit = options.Memory });
        using var reader = table.Read();
        var block = new float[BlockRows * reader.ColumnCount];
        var densities = new float[BlockRows];
        var (rows, sum) = (0L, 0.0);
        for (int read; (read = reader.Next(block)) > 0; rows += read)
        {
            flow.LogDensity(block.AsSpan(0, read * reader.ColumnCount), densities.AsSpan(0, read));
            for (var i = 0; i < read; i++)
                sum += densities[i];
        }

        Say("evaluate", rows, started);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean log-density {sum / rows:f4}"));
    }

    private static void Say(string what, long rows, long started)
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-28} {rows,12:n0} rows {seconds,9:f2} s {rows / seconds,14:n0} rows/s  peak {process.PeakWorkingSet64 >> 20} MiB"));
    }
}
