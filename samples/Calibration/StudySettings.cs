using System.Globalization;

namespace Calibration;

/// <summary>How much a study computes.</summary>
internal sealed record StudySettings
{
    /// <summary>How to call the program.</summary>
    public const string Usage = "calibration report PAGE.html, coverage, speed [MODEL.safetensors], or null|power [--repetitions 1000] [--events 1000] [--draws 127] [--seed 1] [--classifier]";

    /// <summary>Sets of events.</summary>
    public int Repetitions { get; init; } = 1000;

    /// <summary>Events of a set.</summary>
    public int Events { get; init; } = 1000;

    /// <summary>Draws for each event.</summary>
    public int Draws { get; init; } = 127;

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether classifiers are trained, two a set.</summary>
    public bool Classifier { get; init; }

    /// <summary>Reads the flags after the verb.</summary>
    /// <exception cref="FormatException">A flag is unknown or its number is none.</exception>
    public static StudySettings Read(ReadOnlySpan<string> arguments)
    {
        var settings = new StudySettings();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--classifier")
            {
                settings = settings with { Classifier = true };
                continue;
            }

            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new FormatException($"Expected {Usage}, got {arguments[i]} without a number.");
            settings = arguments[i++] switch
            {
                "--repetitions" when number > 0 => settings with { Repetitions = number },
                "--events" when number > 1 => settings with { Events = number },
                "--draws" when number > 0 => settings with { Draws = number },
                "--seed" => settings with { Seed = (ulong)number },
                _ => throw new FormatException($"Expected {Usage}, got {arguments[i - 1]} {number}."),
            };
        }

        return settings;
    }
}
