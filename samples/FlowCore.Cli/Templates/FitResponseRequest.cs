using Tables;

namespace FlowCore.Cli.Templates;

/// <summary>What a command line of fit-response asks for. Immutable.</summary>
internal sealed record FitResponseRequest
{
    /// <summary>The file of the nominal events; null where the base says enough.</summary>
    public string? Nominal { get; init; }

    /// <summary>The density at ν = 0; null to fit it.</summary>
    public string? Base { get; init; }

    public required IReadOnlyList<TemplateText> Templates { get; init; }

    public required string Output { get; init; }

    /// <summary>The page with tables and figures.</summary>
    public required string Report { get; init; }

    public required TableOptions Table { get; init; }

    public string[]? Columns { get; init; }

    public string[]? Context { get; init; }

    public string? Weights { get; init; }

    public IReadOnlyList<string> Bounds { get; init; } = [];

    /// <summary>The names of the nuisances; null for nu0, nu1, ….</summary>
    public string[]? Nuisances { get; init; }

    public int? Order { get; init; }

    /// <summary>What --cross says; null for the pairs that the templates determine.</summary>
    public string? Cross { get; init; }

    /// <summary>Epochs of a single run; null for runs of growing length.</summary>
    public int? Epochs { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Whether to go on with an interrupted fit.</summary>
    public bool Resume { get; init; }

    public bool Force { get; init; }

    /// <summary>Where a base that is fitted is written.</summary>
    public string BaseOutput => Path.ChangeExtension(Output, ".base.safetensors");
}
