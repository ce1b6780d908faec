using System.CommandLine;
using System.Globalization;

namespace FlowCore.Cli.Data;

/// <summary>The flag of the memory that rows may take: 500MB, 2GB, 512MiB, or a number of MiB.</summary>
internal static class MemoryFlag
{
    private static readonly (string Unit, long Bytes)[] _units = [("MIB", 1L << 20), ("GIB", 1L << 30), ("MB", 1_000_000), ("GB", 1_000_000_000), ("", 1L << 20)];

    /// <summary>Creates the flag.</summary>
    /// <param name="description">What the memory is for.</param>
    public static Option<long?> Create(string description) => new("--memory")
    {
        Description = $"{description} 500MB, 2GB, 512MiB, or a number of MiB. [default: half of what the machine has]",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach (var (unit, bytes) in _units)
            {
                if (!word.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                    continue;

                // No machine has more than this many TiB, and products of more overflow.
                if (long.TryParse(word.AsSpan(0, word.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
                    return Math.Min(count, (1L << 60) / bytes) * bytes;
            }

            result.AddError($"--memory must be a size of at least 1 MiB such as 500MB, 2GB or a whole number of MiB, but it is '{word}'.");
            return null;
        },
    };
}
