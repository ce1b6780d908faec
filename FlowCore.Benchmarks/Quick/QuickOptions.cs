using System.Globalization;

namespace FlowCore.Benchmarks.Quick;

/// <summary>What a side-by-side mode was asked for.</summary>
internal sealed record QuickOptions(string? JsonPath, int? Threads, string? Filter)
{
    /// <summary>Reads the arguments behind the name of the mode.</summary>
    /// <param name="mode">The name.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentException">An argument is unknown or lacks its value.</exception>
    public static QuickOptions Parse(string mode, ReadOnlySpan<string> arguments)
    {
        var options = new QuickOptions(null, null, null);
        foreach (var (name, value) in FlagReader.Read(arguments, $"usage: {mode} [--json FILE] [--threads N] [--filter TEXT]", "--json", "--threads", "--filter"))
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
