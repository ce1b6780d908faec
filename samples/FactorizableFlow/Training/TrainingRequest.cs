namespace FactorizableFlow.Training;

/// <summary>The flags that both training verbs take. Immutable.</summary>
/// <param name="Sectors">What to train, in this order.</param>
/// <param name="Seed">The seed, or null for the config's.</param>
/// <param name="Threads">Threads, or null for the config's; 0 for all cores.</param>
/// <param name="Device">Where to compute, or null for the config's.</param>
/// <param name="Resume">Whether to go on from a checkpoint.</param>
/// <param name="Force">Whether to replace models that are there.</param>
/// <param name="Epochs">Epochs instead of the config's, or null.</param>
/// <param name="StepsPerEpoch">Steps an epoch instead of the config's, or null.</param>
/// <param name="ModelsFolder">The folder that models are written to, and bases looked for first, instead of the config's; or null.</param>
internal sealed record TrainingRequest(
    IReadOnlyList<Sector> Sectors, ulong? Seed, int? Threads, string? Device, bool Resume, bool Force, int? Epochs, int? StepsPerEpoch, string? ModelsFolder = null)
{
    /// <summary>A model's file of this request: that of the config, or one of its name in the folder that was named.</summary>
    /// <param name="path">The file that the config names.</param>
    public string PathOf(string path) => ModelsFolder is null ? path : Path.Combine(ModelsFolder, Path.GetFileName(path));
}
