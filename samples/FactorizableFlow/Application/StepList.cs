using CommandLine;
using FactorizableFlow.Configuration;

namespace FactorizableFlow.Application;

/// <summary>The steps of a training verb, as its --steps flag names them: a comma list of train_score and train_kin.</summary>
public static class StepList
{
    /// <summary>Trains the model of y.</summary>
    public const string TrainScore = "train_score";

    /// <summary>Trains the model of x.</summary>
    public const string TrainKin = "train_kin";

    private static readonly string[] _steps = [TrainScore, TrainKin];

    /// <summary>The steps in the order given, each once.</summary>
    /// <param name="list">The flag's value, such as "train_score,train_kin".</param>
    /// <exception cref="UsageException">The list is empty, or a word of it is no step.</exception>
    public static IReadOnlyList<string> Parse(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        List<string> steps = [];
        foreach (var word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!_steps.Contains(word, StringComparer.Ordinal))
                throw new UsageException($"Unknown step '{word}'{Suggestion.Phrase(word, _steps)}");

            if (!steps.Contains(word))
                steps.Add(word);
        }

        return steps.Count > 0 ? steps : throw new UsageException($"--steps names no step; valid are {string.Join(", ", _steps)}.");
    }
}
