using CommandLine;
using FlowCore.Flows;

namespace FlowCore.Cli.Fitting;

/// <summary>What --flow says: the recommended flow, a ready-made one, or spaces and layers of a density on manifolds. Immutable.</summary>
/// <param name="Name">The ready-made flow; null for the recommended one.</param>
/// <param name="Manifolds">The spaces; null for a flow.</param>
/// <param name="Layers">The layers of each space; null for a flow.</param>
internal sealed record FlowChoice(string? Name, string? Manifolds = null, string? Layers = null)
{
    private const string RecommendedName = "nsf";

    // What one says of the flows whose short names are those of another library.
    private static readonly Dictionary<string, string> _otherNames = new(StringComparer.Ordinal)
    {
        ["gaussianization"] = "gf",
        ["bernstein"] = "bpf",
        ["sum-of-squares"] = "sospf",
    };

    /// <summary>The neural spline flow of the size that fits the data.</summary>
    public static FlowChoice Recommended { get; } = new(Name: null);

    /// <summary>The names that may be said.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        RecommendedName, .. ReadyMadeFlows.All<float>().Where(flow => flow is { IsOfAngles: false } && flow.Name != RecommendedName).Select(flow => flow.Name), .. _otherNames.Keys,
    ];

    /// <summary>The choice as a command line says it.</summary>
    public string Text => Manifolds is not null ? $"{Manifolds}:{Layers}" : Name ?? RecommendedName;

    /// <summary>Reads --flow.</summary>
    /// <param name="text">What it says.</param>
    /// <exception cref="UsageException">It names no flow.</exception>
    public static FlowChoice Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length == 2)
            return new FlowChoice(null, parts[0], parts[1]);
        if (text == RecommendedName)
            return Recommended;
        return Names.Contains(text)
            ? new FlowChoice(_otherNames.GetValueOrDefault(text, text))
            : throw new UsageException($"--flow names no flow with '{text}'{Suggestion.Phrase(text, Names)}");
    }
}
