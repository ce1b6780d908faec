using System.CommandLine;
using CommandLine;

namespace FirstFits.Verbs;

/// <summary>Flags that the verbs share.</summary>
internal static class ProblemOptions
{
    private const ulong UsualSeed = 0;

    /// <summary>The names of problems.</summary>
    /// <param name="usual">Which ones where none is named.</param>
    public static Argument<string[]> Names(string usual) => new("problem")
    {
        Description = $"Names of densities, such as \"two moons\". [default: {usual}]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>How many events a density is fitted to.</summary>
    /// <param name="usual">How many where the flag is left out.</param>
    public static Option<long?> Rows(int usual) => CountOption.Create("--rows", $"Events to fit. [default: {usual}]", 100);

    /// <summary>The problems that were named, in the order of the table.</summary>
    /// <param name="names">Their names.</param>
    /// <exception cref="UsageException">There is none of a name.</exception>
    public static IReadOnlyList<Problem> Named(string[]? names)
    {
        string[] known = [.. Problems.All.Select(problem => problem.Name)];
        foreach (var name in names ?? [])
        {
            if (!known.Contains(name))
                throw new UsageException($"There is no density '{name}'{Suggestion.Phrase(name, known)}");
        }

        return [.. Problems.All.Where(problem => names is not { Length: > 0 } || names.Contains(problem.Name))];
    }

    /// <summary>--seed, as the table counts it.</summary>
    public static Option<ulong?> Seed() => CommonOptions.Seed("0");

    /// <summary>The seeds of the events to fit and of the fresh ones.</summary>
    /// <param name="seed">What the flag says.</param>
    public static (ulong ToFit, ulong Fresh) Seeds(ulong? seed) => ((2 * (seed ?? UsualSeed)) + 1, (2 * (seed ?? UsualSeed)) + 2);
}
