using System.Globalization;

namespace FlowCore.Benchmarks.Quick;

/// <summary>What the quick mode was asked for.</summary>
internal sealed record QuickOptions(string? JsonPath, int? Threads, string? Filter)
{
    public const string Usage = "usage: quick [--json FILE] [--threads N] [--filter TEXT]";

    /// <summary>Reads the arguments behind "quick".</summary>
    /// <exception cref="ArgumentException">An argument is unknown or lacks its value.</exception>
    public static QuickOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new QuickOptions(null, null, null);
        foreach (var (name, value) in FlagReader.Read(arguments, Usage, "--json", "--threads", "--filter"))
        {
            options = name switch
            {
                "--json" => options with { JsonPath = value },
                "--filter" => options with { Filter = value },
                _ => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads is > 0 and <= 1024
                    ? options with { Threads = threads }
                    : throw new ArgumentException($"Expected a number from 1 to 1024 behind --threads, got '{value}'."),
            };
        }

        return options;
    }
}
