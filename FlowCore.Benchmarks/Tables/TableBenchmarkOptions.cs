using System.Globalization;
using FlowCore.Benchmarks.Quick;

namespace FlowCore.Benchmarks.Tables;

/// <summary>What the benchmark of tables is asked for.</summary>
internal sealed record TableBenchmarkOptions
{
    private const string Usage = "usage: tables --folder FOLDER [--steps write,read,fit,evaluate] [--formats csv,npy,npz,h5,parquet] [--rows N] [--columns N] [--memory MB] [--epochs N]";

    public string Folder { get; private init; } = "";

    public IReadOnlyList<string> Steps { get; private init; } = ["write", "read"];

    public IReadOnlyList<string> Formats { get; private init; } = ["csv", "npy", "npz", "h5", "parquet"];

    public int Rows { get; private init; } = 1_000_000;

    public int Columns { get; private init; } = 5;

    /// <summary>In bytes.</summary>
    public long Memory { get; private init; } = 500L << 20;

    public int Epochs { get; private init; } = 1;

    public string File(string format) => Path.Combine(Folder, $"rows.{format}");

    public static TableBenchmarkOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new TableBenchmarkOptions();
        foreach (var (name, value) in FlagReader.Read(arguments, Usage, "--folder", "--steps", "--formats", "--rows", "--columns", "--memory", "--epochs"))
        {
            options = name switch
            {
                "--folder" => options with { Folder = value },
                "--steps" => options with { Steps = value.Split(',') },
                "--formats" => options with { Formats = value.Split(',') },
                "--rows" => options with { Rows = Number(name, value) },
                "--columns" => options with { Columns = Number(name, value) },
                "--memory" => options with { Memory = (long)Number(name, value) << 20 },
                _ => options with { Epochs = Number(name, value) },
            };
        }

        return Directory.Exists(options.Folder) ? options : throw new ArgumentException($"expected a folder that exists, got '{options.Folder}'; {Usage}");
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException($"{name} takes a number above 0, not '{value}'; {Usage}");
}
