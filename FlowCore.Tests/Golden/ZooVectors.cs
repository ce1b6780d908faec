using FlowCore.IO;

namespace FlowCore.Tests.Golden;

/// <summary>Test vectors of a single transform (see Golden/zoo/README.md).</summary>
internal sealed class ZooVectors
{
    private readonly TensorArchive _tensors;

    private ZooVectors(string name) => _tensors = NpzFile.Read(GoldenFolder.File(Path.Combine("zoo", name + ".npz")));

    public static ZooVectors Load(string name) => new(name);

    public double[] this[string key] => _tensors[key].ToArray<double>();

    /// <summary>The state dictionary: parameters and buffers under the names that the other library gives them.</summary>
    public TensorArchive StateDictionary => new(_tensors
        .Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal))
        .Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));

    /// <summary>The names of the parameters.</summary>
    public IEnumerable<string> Parameters => _tensors
        .Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal))
        .Select(tensor => tensor.Name["param/".Length..]);
}
