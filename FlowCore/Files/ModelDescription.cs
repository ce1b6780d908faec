namespace FlowCore.Files;

/// <summary>What a model file says about its model.</summary>
/// <param name="Kind">"flow" or "factorizable-flow".</param>
/// <param name="Features">D.</param>
/// <param name="ContextFeatures">C, 0 without context.</param>
/// <param name="Nuisances">K, 0 without nuisances.</param>
/// <param name="LibraryVersion">The version of the library that wrote it.</param>
/// <param name="Architecture">The architecture with all constants, as JSON.</param>
/// <param name="Training">The summary of the training, or null.</param>
/// <param name="BaseHash">For a factorizable flow the content of its base, else null.</param>
public sealed record ModelDescription(
    string Kind, int Features, int ContextFeatures, int Nuisances, string LibraryVersion, string Architecture, string? Training, string? BaseHash)
{
    /// <summary>The format of the file, as <see cref="ModelFile.BaseHash"/> takes it.</summary>
    public string Format { get; init; } = ModelFile.Format;
}
