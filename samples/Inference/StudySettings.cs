namespace Inference;

/// <summary>How much a study computes, and where its figures go.</summary>
internal sealed record StudySettings
{
    /// <summary>The folder of the figures; made where it is missing.</summary>
    public string Folder { get; init; } = Path.Combine("docs", "figures", "inference");

    /// <summary>The steps of a fit.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>The seed of fits and draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The path of a figure, in a folder that is there.</summary>
    public string File(string name)
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, name);
    }
}
