namespace CommandLine;

/// <summary>The files of a training beside its model.</summary>
public static class RunFiles
{
    /// <summary>Where a run keeps its state until its model is complete.</summary>
    /// <param name="model">The model's file.</param>
    public static string Checkpoint(string model) => Path.ChangeExtension(model, ".checkpoint.safetensors");

    /// <summary>What a run holds, so that there is no other on the same files.</summary>
    /// <param name="model">The model's file.</param>
    public static string Lock(string model) => Path.ChangeExtension(model, ".lock");

    /// <summary>Where a run writes its history until its model is complete: what is beside the model belongs to the model that is there.</summary>
    /// <param name="model">The model's file.</param>
    public static string RunningHistory(string model) => Path.ChangeExtension(model, ".checkpoint.history.jsonl");

    /// <summary>The history of the model that is there.</summary>
    /// <param name="model">The model's file.</param>
    public static string History(string model) => Path.ChangeExtension(model, ".history.jsonl");
}
