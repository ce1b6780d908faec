using System.IO.Compression;
using FlowCore.IO;

namespace FlowCore.Tests.Golden;

/// <summary>Test vectors of one reference model: inputs, weights and what the reference computed of them.</summary>
internal sealed class GoldenModel
{
    private readonly Dictionary<string, TensorData> _tensors = new(StringComparer.Ordinal);

    private GoldenModel(string name)
    {
        Name = name;
        StateDictionaryPath = GoldenFolder.File(name + ".pt");
        using var zip = ZipFile.OpenRead(GoldenFolder.File(name + ".npz"));
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            memory.Position = 0;
            var key = entry.FullName[..^".npy".Length];
            _tensors.Add(key, NpyFile.Read(memory, key));
        }
    }

    public string Name { get; }

    /// <summary>The file as the reference saved it.</summary>
    public string StateDictionaryPath { get; }

    public int Features => (int)_tensors["x"].Shape[1];

    /// <summary>The state dictionary of the vectors.</summary>
    public TensorArchive State => new(_tensors.Values
        .Where(tensor => tensor.Name.StartsWith("state/", StringComparison.Ordinal))
        .Select(tensor => tensor.Rename(tensor.Name["state/".Length..])));

    /// <summary>The gradients of the loss, by parameter.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients => _tensors.Values
        .Where(tensor => tensor.Name.StartsWith("grad/", StringComparison.Ordinal))
        .ToDictionary(tensor => tensor.Name["grad/".Length..], tensor => tensor.ToArray<double>());

    /// <summary>Loads a model.</summary>
    public static GoldenModel Load(string name) => new(name);

    public T[] Numbers<T>(string key)
        where T : unmanaged => _tensors.TryGetValue(key, out var tensor) ? tensor.ToArray<T>() : [];
}
