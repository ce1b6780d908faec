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
        var written = ForWriting(path);
        return File.Exists(written) || !File.Exists(path) ? written : path;
    }

    /// <summary>The file to read a model from, which must be there.</summary>
    /// <param name="path">The path of a config.</param>
    /// <param name="name">What to call the model: "kin".</param>
    /// <param name="trainedBy">The command that makes it.</param>
    /// <exception cref="FileNotFoundException">There is no such model.</exception>
    public static string ForReading(string path, string name, string trainedBy)
    {
        var existing = ForReading(path);
        return File.Exists(existing)
            ? existing
            : throw new FileNotFoundException($"The {name} model '{existing}' does not exist; {trainedBy} makes it.", existing);
    }
}
