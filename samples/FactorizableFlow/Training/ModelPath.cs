namespace FactorizableFlow.Training;

/// <summary>Where models are, for configs that name them as the reference does.</summary>
internal static class ModelPath
{
    private const string Extension = ".safetensors";

    /// <summary>
    /// The file that training writes for a path of a config: a safetensors file, also where the config names a PyTorch
    /// checkpoint (.pt), which is never overwritten.
    /// </summary>
    public static string ForWriting(string path) =>
        Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase) ? path : Path.ChangeExtension(path, Extension);

    /// <summary>The file to read a model from: the safetensors file beside a named .pt where training has written one, else the named file.</summary>
    public static string ForReading(string path)
    {
        string written = ForWriting(path);
        return File.Exists(written) || !File.Exists(path) ? written : path;
    }

    /// <summary>Where a run keeps its state until its model is complete.</summary>
    public static string Checkpoint(string model) => Path.ChangeExtension(model, ".checkpoint.safetensors");

    /// <summary>Where a run writes its history.</summary>
    public static string History(string model) => Path.ChangeExtension(model, ".history.jsonl");
}
