using System.IO.Compression;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>Test vectors of one reference model: inputs, weights and what the reference computed of them.</summary>
internal sealed class GoldenModel
{
    private readonly Dictionary<string, TensorData> _tensors = new(StringComparer.Ordinal);

    private GoldenModel(string folder, string name)
    {
        Name = name;
        StateDictionaryPath = Path.Combine(folder, name + ".pt");
        using var zip = ZipFile.OpenRead(Path.Combine(folder, name + ".npz"));
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

    /// <summary>Loads a model, or ignores the test where the vectors are absent.</summary>
    public static GoldenModel Load(string name)
    {
        var folder = Environment.GetEnvironmentVariable("FLOWCORE_GOLDEN");
        for (var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is null && at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "golden");
            if (Directory.Exists(candidate))
                folder = candidate;
        }

        if (folder is null || !File.Exists(Path.Combine(folder, name + ".npz")))
            Assert.Ignore("The test vectors are not on this machine: neither FLOWCORE_GOLDEN nor a folder shared/golden leads to them.");
        return new GoldenModel(folder!, name);
    }

    public T[] Numbers<T>(string key)
        where T : unmanaged => _tensors.TryGetValue(key, out var tensor) ? tensor.ToArray<T>() : [];
}
