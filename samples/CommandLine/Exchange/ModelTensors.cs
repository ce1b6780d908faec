using System.Globalization;
using System.Text.Json;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;

namespace CommandLine.Exchange;

/// <summary>
/// The tensors of one model out of a file of any format: a model file of FlowCore, a plain safetensors state dictionary, or
/// what torch.save writes. Reading the model notes here what was assumed about it.
/// </summary>
public sealed class ModelTensors
{
    /// <summary>What the summary of a model file calls the constant.</summary>
    public const string ConstantName = "constant";

    private const int MostItems = 8;

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

    /// <summary>Whether a state dictionary states what its tensors do not say, as those do that this library writes.</summary>
    public bool StatesItself => StateDictionary.IsStated(Archive);

    /// <summary>What stood before every name of the model; empty for a bare state dictionary.</summary>
    public string Prefix { get; }

    /// <summary>How many tensors of the file do not belong to the model.</summary>
    public int LeftAside { get; }

    /// <summary>What the file has beside the model and is not read, with what it says that it is.</summary>
    public IReadOnlyList<(string Name, string Description)> Beside { get; private init; } = [];

    /// <summary>Whether the model is a residual on a base flow.</summary>
    public bool IsFactorizable => !IsOwnFormat && StateDictionary.IsFactorizable(Archive);

    /// <summary>The constant that mbank stores beside a flow, from its own file or from the summary of a model file that was imported; null where there is none.</summary>
    public double? Constant
    {
        get
        {
            if (!IsOwnFormat)
                return StateDictionary.Constant(Archive);

            try
            {
                using var training = JsonDocument.Parse(ModelFile.Describe(Archive).Training ?? "null");
                return training.RootElement.ValueKind == JsonValueKind.Object && training.RootElement.TryGetProperty(ConstantName, out var constant) && constant.ValueKind == JsonValueKind.Number
                    ? constant.GetDouble()
                    : null;
            }
            catch (JsonException)
            {
                // Any text may stand there; then it holds no constant.
                return null;
            }
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; its content tells its format, not its name.</param>
    /// <param name="key">Which model, where the file holds several; null for the only one.</param>
    /// <exception cref="ModelFormatException">The file holds no tensors, or those of several models.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelTensors Read(string path, string? key = null)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("The name of a model's file is expected, but it is empty or holds a null character.");
        return ContentBoundary.Read(path, () => ReadFile(path, key));
    }

    private static ModelTensors ReadFile(string path, string? key)
    {
        if (Directory.Exists(path))
            throw new IOException($"The file '{path}' cannot be read: this name is a folder.");
        var isPyTorch = TensorFile.FormatOf(path) == FileFormat.PyTorch;
        List<(string, string)> beside = [];
        TensorArchive archive;
        if (isPyTorch)
        {
            var file = PyTorchStateDict.Read(path);
            archive = file.Tensors;
            beside = [.. file.Values.Select(value => (value.Key, Text(value.Value)))];
        }
        else
        {
            archive = TensorFile.Read(path);
            beside = [.. archive.Unread.Select(entry => (entry.Key, entry.Value))];
        }

        if (!isPyTorch && ModelFile.IsModel(archive))
            return new ModelTensors(path, archive, true, false, "", 0);

        var own = StateDictionary.Unwrap(archive, key, out var prefix);
        return new ModelTensors(path, own, false, isPyTorch, prefix, archive.Count - own.Count) { Beside = beside };
    }

    private static string Text(object? value) => value switch
    {
        null => "None",
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Take(MostItems).Select(Text))}{(list.Count > MostItems ? ", ..." : "")}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
