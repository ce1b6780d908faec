using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A PyTorch state dict as torch.save writes it since version 1.6: a zip archive with a pickle that describes views,
/// and the storages they are views of. Immutable; safe to share between threads.
/// </summary>
/// <remarks>
/// The pickle is read by a reader that makes tensors and containers and nothing else: objects of any other kind stay inert
/// descriptions, and no code of a file is ever run. Views are bounded by their storages before memory is taken for them, and what
/// all of them take together, slices of one storage too, by the file's budget.
/// </remarks>
public sealed class PyTorchStateDict
{
    /// <summary>The offset of every storage in a written file is a multiple of this, as PyTorch does it.</summary>
    private const int Alignment = 64;

    private const string PickleName = "data.pkl";

    private PyTorchStateDict(TensorArchive tensors, OrderedDictionary<string, object?> values)
    {
        Tensors = tensors;
        Values = values;
    }

    /// <summary>
    /// The tensors in C order, in the order of the file. Names in nested dictionaries, and positions in lists that hold
    /// tensors, are joined with dots. Its metadata is the text that the state dict carries beside the versions of its modules (as the
    /// attribute <c>_metadata</c>), and <see cref="TensorArchive.Unread"/> lists the <see cref="InertValue"/>s.
    /// </summary>
    public TensorArchive Tensors { get; }

    /// <summary>
    /// What is not a tensor, under names built in the same way: null, bool, long, <see cref="System.Numerics.BigInteger"/>, double,
    /// string, an <see cref="InertValue"/> where only Python could make something of it, or an <see cref="IReadOnlyList{T}"/> of
    /// such values.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Values { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">
    /// The most bytes that the tensors may take together; null for what the pickle's objects leave of 64 MiB and sixteen times
    /// the file.
    /// </param>
    /// <returns>The tensors and the other values.</returns>
    /// <exception cref="ModelFormatException">
    /// The content is not a state dict, or is damaged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static PyTorchStateDict Read(string path, long? maximumBytes = null)
    {
        return ContentBoundary.Read(path, () => ReadFile(path, maximumBytes));
    }

    private static PyTorchStateDict ReadFile(string path, long? maximumBytes)
    {
        using var stream = InputFile.Open(path);
        RefuseOldFormats(stream, path);
        var zip = new ZipReader(stream, path);
        var prefix = FindPrefix(zip, path);
        RefuseBigEndian(zip, prefix, path);
        var pickle = zip.Find(prefix + PickleName)!;
        if (pickle.Length > PickleReader.MaximumLength)
        {
            throw new ModelFormatException(
                path, null, $"Expected a pickle of at most {PickleReader.MaximumLength} bytes, got {pickle.Length}.");
        }

        var budget = new ReadBudget(path, ReadBudget.Of(stream.Length));
        var root = PickleReader.Read(zip.Read(pickle), path, budget);
        var flat = StateDictFlattener.Flatten(root, path, budget);
        var storages = new StorageReader(zip, prefix, path, maximumBytes is { } limit ? new ReadBudget(path, limit) : budget);
        var tensors = new List<TensorData>(flat.Tensors.Count);
        foreach ((var name, var tensor) in flat.Tensors)
            tensors.Add(storages.Read(name, tensor));

        var unread = flat.Values.Where(value => value.Value is InertValue).Select(value => new KeyValuePair<string, string>(value.Key, value.Value!.ToString()!));
        return new PyTorchStateDict(new TensorArchive(tensors, flat.Metadata.Where(entry => TensorData.IsWellFormed(entry.Key) && TensorData.IsWellFormed(entry.Value)), unread), flat.Values);
    }

    /// <summary>
    /// Writes tensors as torch.save writes an OrderedDict, whole or not at all (see <see cref="AtomicFile"/>);
    /// torch.load reads the file, also with weights_only. Equal archives give equal bytes.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="archive">
    /// The tensors, contiguous, each in a storage of its own. Metadata goes where PyTorch keeps the versions of modules, in the
    /// dictionary's attribute <c>_metadata</c>, which load_state_dict looks into for the names of modules only. PyTorch knows the types UInt16, UInt32 and UInt64 since its version 2.3.
    /// </param>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        AtomicFile.Write(path, stream =>
        {
            var zip = new ZipWriter(stream, deflate: false, Alignment);
            zip.Add("archive/data.pkl", PickleWriter.Write(archive).Span);
            zip.Add("archive/byteorder", "little"u8);
            for (var i = 0; i < archive.Count; i++)
                zip.Add(string.Create(CultureInfo.InvariantCulture, $"archive/data/{i}"), archive[i].Bytes.Span);

            zip.Add("archive/version", "3\n"u8);
            zip.Complete();
        });
    }

    private static void RefuseOldFormats(FileStream stream, string path)
    {
        var problem = TensorFile.FormatOf(TensorFile.Start(stream), stream.Length) switch
        {
            FileFormat.OldPyTorch => "Expected a file of PyTorch 1.6 or later, got the old format: load it in PyTorch and save it again.",
            FileFormat.Pickle => "Expected what torch.save writes, got a plain pickle: load it in Python and save the state dict with torch.save.",
            _ => null,
        };
        if (problem is not null)
            throw new ModelFormatException(path, null, problem);
    }

    private static string FindPrefix(ZipReader zip, string path)
    {
        string? prefix = null;
        ZipEntry? deflated = null;
        foreach (var entry in zip.Entries)
        {
            deflated ??= entry.IsDeflated ? entry : null;
            var isPickle = entry.Name == PickleName || entry.Name.EndsWith("/" + PickleName, StringComparison.Ordinal);
            if (isPickle && prefix is not null)
                throw new ModelFormatException(path, null, $"Expected one entry {PickleName}, there are several.");

            prefix = isPickle ? entry.Name[..^PickleName.Length] : prefix;
        }

        // Programs have entries of code, whatever else they hold.
        if (zip.Entries.Any(entry => entry.Name.EndsWith("constants.pkl", StringComparison.Ordinal) || entry.Name.Contains("/code/", StringComparison.Ordinal)))
        {
            throw new ModelFormatException(
                path, null, "Expected a state dict, got a TorchScript program: in Python, torch.jit.load it and torch.save its state_dict().");
        }

        if (prefix is null)
            throw new ModelFormatException(path, null, $"Expected an entry {PickleName} in the zip archive, there is none: torch.save did not write it.");

        return deflated is null
            ? prefix
            : throw new ModelFormatException(
                path,
                null,
                $"Expected stored entries as torch.save writes them, {ModelFormatException.Quote(deflated.Name)} is " +
                "deflated.");
    }

    private static void RefuseBigEndian(ZipReader zip, string prefix, string path)
    {
        const int LongestOrder = 16;
        if (zip.Find(prefix + "byteorder") is not { } entry)
        {
            // Versions before 2.1 do not say; big-endian files of those cannot be told from others.
            return;
        }

        var order = entry.Length <= LongestOrder ? Encoding.Latin1.GetString(zip.Read(entry)) : "a long text";
        if (order != "little")
        {
            throw new ModelFormatException(
                path, null, $"Expected the byte order 'little', got {ModelFormatException.Quote(order)}.");
        }
    }

    /// <summary>Cuts views out of storages, each of which is read once and checked against its entry.</summary>
    private sealed class StorageReader(ZipReader zip, string prefix, string path, ReadBudget budget)
    {
        private readonly Dictionary<string, byte[]> _storages = new(StringComparer.Ordinal);

        public TensorData Read(string name, PickleTensor tensor)
        {
            var storage = ReadStorage(name, tensor.Storage);
            var size = tensor.ElementType.SizeInBytes();
            long available = storage.Length / size;
            var shown = TensorData.FormatShape(tensor.Shape);
            var last = StridedView.LastIndex(tensor.Offset, tensor.Shape, tensor.Strides);
            if (last >= available)
            {
                throw new ModelFormatException(
                    path,
                    name,
                    $"Expected elements inside its storage of {available}, shape {shown} with strides " +
                    $"{TensorData.FormatShape(tensor.Strides)} at offset {tensor.Offset} reaches element {last}.");
            }

            TensorData.TryByteCount(tensor.ElementType, tensor.Shape, out var byteCount);
            ImmutableArray<long> shape = [.. tensor.Shape];
            if (byteCount == 0)
                return new TensorData(name, tensor.ElementType, shape, ReadOnlyMemory<byte>.Empty);

            // A view that repeats elements can be far larger than the file, and so can many views of one storage: each is a tensor
            // that whoever takes it copies.
            budget.Take(byteCount, "the tensors", name);
            if (byteCount > Array.MaxLength)
                throw new ModelFormatException(path, name, $"Expected at most {Array.MaxLength} bytes, shape {shown} takes {byteCount}.");

            if (StridedView.IsContiguous(tensor.Shape, tensor.Strides))
            {
                return new TensorData(
                    name, tensor.ElementType, shape, storage.AsMemory((int)(tensor.Offset * size), (int)byteCount));
            }

            var bytes = StridedView.Gather(storage, size, tensor.Offset, tensor.Shape, tensor.Strides);
            return new TensorData(name, tensor.ElementType, shape, bytes);
        }

        private byte[] ReadStorage(string name, PickleStorage storage)
        {
            var entryName = $"{prefix}data/{storage.Key}";
            var entry = zip.Find(entryName)
                ?? throw new ModelFormatException(
                    path, name, $"Expected its storage {ModelFormatException.Quote(entryName)} in the file, there is none.");
            var expected = (Int128)storage.Count * (storage.ElementType?.SizeInBytes() ?? 1);
            if (entry.Length != expected)
            {
                throw new ModelFormatException(
                    path,
                    name,
                    $"Expected {expected} bytes in its storage {ModelFormatException.Quote(entryName)}, " +
                    $"got {entry.Length}.");
            }

            if (!_storages.TryGetValue(storage.Key, out var bytes))
            {
                bytes = zip.Read(entry);
                _storages.Add(storage.Key, bytes);
            }

            return bytes;
        }
    }
}
