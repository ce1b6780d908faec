using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;

namespace FactorizableFlow.Exchange;

/// <summary>
/// The tensors of one model out of a file of any format: a model file of FlowCore, a plain safetensors state dictionary, or
/// what torch.save writes. Immutable.
/// </summary>
/// <remarks>
/// Checkpoints often wrap the state dictionary ("state_dict", "module.") or keep the optimiser's state beside it. A model
/// announces itself by the first tensors of its first transform, so the wrapping is found by that name and taken off.
/// </remarks>
internal sealed class ModelTensors
{
    private const string Central = "central_nuisance_values";
    private const string BaseModel = "base_model.";

    // What the first module may hold: a network, a single feature's numbers, or a standardisation.
    private static readonly string[] _marks =
        ["transform.transforms.0.hyper.0.weight", "transform.transforms.0.phi.0", "transform.transforms.0.log_scale"];

    private ModelTensors(string path, TensorArchive archive, bool isOwnFormat, bool isPyTorch, string prefix, int leftAside)
    {
        Path = path;
        Archive = archive;
        IsOwnFormat = isOwnFormat;
        IsPyTorch = isPyTorch;
        Prefix = prefix;
        LeftAside = leftAside;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The model's tensors, under the names that the model gives them.</summary>
    public TensorArchive Archive { get; }

    /// <summary>Whether the file is one of FlowCore's, which says everything about its model.</summary>
    public bool IsOwnFormat { get; }

    /// <summary>Whether the file is one that torch.save writes.</summary>
    public bool IsPyTorch { get; }

    /// <summary>What stood before every name of the model; empty for a bare state dictionary.</summary>
    public string Prefix { get; }

    /// <summary>How many tensors of the file do not belong to the model.</summary>
    public int LeftAside { get; }

    /// <summary>Whether the model is a residual on a base flow.</summary>
    public bool IsFactorizable => !IsOwnFormat && StateDictionary.IsFactorizable(Archive);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; its content tells its format, not its name.</param>
    /// <exception cref="ModelFormatException">The file holds no tensors, or those of several models.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelTensors Read(string path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("The name of a model's file is expected, but it is empty or holds a null character.");
        return ContentBoundary.Read(path, () => ReadFile(path));
    }

    private static ModelTensors ReadFile(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"The file '{path}' cannot be read: this name is a folder.");
        if (!LooksLikePyTorch(path))
        {
            var archive = SafetensorsFile.Read(path);
            return ModelFile.IsModel(archive) ? new ModelTensors(path, archive, true, false, "", 0) : Unwrap(path, archive, isPyTorch: false);
        }

        return Unwrap(path, PyTorchStateDict.Read(path).Tensors, isPyTorch: true);
    }

    // Both a zip archive and the formats of torch.save before it begin with bytes that no safetensors header of sensible
    // length begins with; the reader of state dictionaries knows what to say about the old ones.
    private static bool LooksLikePyTorch(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.StartsWith("PK"u8) || start.StartsWith((ReadOnlySpan<byte>)[0x80, 0x02])
            || System.IO.Path.GetExtension(path).ToUpperInvariant() is ".PT" or ".PTH";
    }

    private static ModelTensors Unwrap(string path, TensorArchive archive, bool isPyTorch)
    {
        string[] prefixes =
        [
            .. _marks.SelectMany(mark => archive.Where(tensor => tensor.Name.EndsWith(mark, StringComparison.Ordinal)).Select(tensor => tensor.Name[..^mark.Length]))
                .Where(prefix => prefix.Length == 0 || prefix[^1] == '.')
                .Select(prefix => Outer(archive, prefix))
                .Distinct(StringComparer.Ordinal),
        ];
        if (prefixes.Length > 1)
        {
            throw new ModelFormatException(
                path, null, $"Expected one model, got {prefixes.Length}, under the names '{string.Join("', '", prefixes.Take(10))}'{(prefixes.Length > 10 ? " and more" : "")}.");
        }

        // A file without the mark goes on as it is: its reader names the tensor that is missing.
        var prefix = prefixes.Length == 1 ? prefixes[0] : "";
        if (prefix.Length == 0)
            return new ModelTensors(path, archive, false, isPyTorch, "", 0);

        TensorData[] own = [.. archive.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name[prefix.Length..]))];
        return new ModelTensors(path, new TensorArchive(own), false, isPyTorch, prefix, archive.Count - own.Length);
    }

    // The base flow of a residual belongs to the residual; a flow that happens to be called so stands for itself.
    private static string Outer(TensorArchive archive, string prefix)
    {
        if (!prefix.EndsWith(BaseModel, StringComparison.Ordinal))
            return prefix;

        var outer = prefix[..^BaseModel.Length];
        return archive.Contains(outer + Central) || archive.Contains($"{outer}transforms.0.{Central}") ? outer : prefix;
    }
}
