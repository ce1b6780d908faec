using System.Globalization;

namespace Attack;

/// <summary>The command line. Immutable.</summary>
internal sealed record AttackOptions
{
    /// <summary>--minutes: how long the whole attack may take; what is begun is finished.</summary>
    public double Minutes { get; init; } = 30;

    /// <summary>--mutants: how many files at most.</summary>
    public int Mutants { get; init; } = 100_000;

    /// <summary>--kills: how many trainings are killed at most.</summary>
    public int Kills { get; init; } = 300;

    /// <summary>--seed: the same seed gives the same files; kills depend on the clock as well.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Reads the words.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <exception cref="ArgumentException">A word means nothing.</exception>
    public static AttackOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new AttackOptions();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (i + 1 >= words.Length || !double.TryParse(words[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value is >= 0 and <= 1e8))
                throw new ArgumentException($"Expected a number from 0 to 100000000 after '{words[i]}'.");
            options = words[i] switch
            {
                "--minutes" => options with { Minutes = value },
                "--mutants" => options with { Mutants = (int)value },
                "--kills" => options with { Kills = (int)value },
                "--seed" => options with { Seed = (int)value },
                _ => throw new ArgumentException($"Expected --minutes, --mutants, --kills or --seed, got '{words[i]}'."),
            };
        }

        return options;
    }
}
