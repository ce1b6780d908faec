using System.Globalization;

namespace Inference;

/// <summary>How much a study computes, and where its figures go.</summary>
internal sealed record StudySettings
{
    /// <summary>How to call the program.</summary>
    public const string Usage = "bimodal | gradients | posterior | expectations, for the studies with --out <folder> --steps <n> --seed <n>";

    /// <summary>The folder of the figures; made where it is missing.</summary>
    public string Folder { get; init; } = Path.Combine("docs", "figures", "inference");

    /// <summary>The steps of a fit.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>The seed of fits and draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Reads flags.</summary>
    /// <param name="arguments">Pairs of a flag and its value.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="FormatException">A flag or a value is not one.</exception>
    public static StudySettings Read(ReadOnlySpan<string> arguments)
    {
        var settings = new StudySettings();
        if (arguments.Length % 2 != 0)
            throw new FormatException($"Expected {Usage}, got {arguments[^1]} without a value.");
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var (flag, value) = (arguments[i], arguments[i + 1]);
            settings = flag switch
            {
                "--out" => settings with { Folder = value },
                "--steps" when int.TryParse(value, CultureInfo.InvariantCulture, out var steps) && steps > 0 => settings with { Steps = steps },
                "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var seed) => settings with { Seed = seed },
                _ => throw new FormatException($"Expected {Usage}, got {flag} {value}."),
            };
        }

        return settings;
    }

    /// <summary>The path of a figure, in a folder that is there.</summary>
    public string File(string name)
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, name);
    }
}
