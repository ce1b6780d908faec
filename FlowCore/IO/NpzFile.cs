namespace FlowCore.IO;

/// <summary>
/// NumPy's .npz format: a zip archive of .npy arrays, stored or deflated. An entry's name without ".npy" is the
/// tensor's name, and nothing more: a name with ".." or a leading slash leads nowhere.
/// </summary>
/// <remarks>
/// Checksums are checked, entries may not overlap, an entry's declared size has to agree with the array's header, and
/// what is decompressed is bounded, so that a small file cannot fill the memory.
/// </remarks>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>Reads all arrays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">
    /// The most bytes that the arrays may take together; null for 64 MiB and sixteen times the file.
    /// </param>
    /// <returns>The arrays in C order, in the order of the archive, without metadata.</returns>
    /// <exception cref="ModelFormatException">The content is not an archive of plain arrays, or too large.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TensorArchive Read(string path, long? maximumBytes = null) =>
        ContentBoundary.Read(path, () => ReadAll(path, maximumBytes));

    private static TensorArchive ReadAll(string path, long? maximumBytes)
    {
        using var stream = InputFile.Open(path);
        var zip = new ZipReader(stream, path);
        var limit = maximumBytes ?? ReadBudget.Of(stream.Length);
        long total = 0;
        var tensors = new List<TensorData>(zip.Entries.Count);
        foreach (var entry in zip.Entries)
        {
            CheckName(path, entry);
            total = entry.Length > long.MaxValue - total ? long.MaxValue : total + entry.Length;
            if (total > limit)
            {
                throw new ModelFormatException(
                    path,
                    null,
                    $"Expected arrays of at most {limit} bytes together, they say to take more: give a larger maximum " +
                    "if that is meant.");
            }
        }

        foreach (var entry in zip.Entries)
            tensors.Add(Read(zip, entry, path));

        return new TensorArchive(tensors);
    }

    /// <summary>Reads one array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of the array, without ".npy".</param>
    /// <param name="maximumBytes">
    /// The most bytes that the array may take; null for 64 MiB and sixteen times the file.
    /// </param>
    /// <returns>The array in C order.</returns>
    /// <exception cref="ModelFormatException">There is no such array, or it is not plain, or too large.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TensorData Read(string path, string name, long? maximumBytes = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var stream = InputFile.Open(path);
        var zip = new ZipReader(stream, path);
        var entry = Find(zip, path, name);
        var limit = maximumBytes ?? ReadBudget.Of(stream.Length);
        if (entry.Length > limit)
        {
            throw new ModelFormatException(
                path,
                name,
                $"Expected at most {limit} bytes, it says to take {entry.Length}: give a larger maximum if that is meant.");
        }

        return Read(zip, entry, path);
    }

    /// <summary>The names of the arrays in the order of the archive.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The content is not an archive of arrays.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static IReadOnlyList<string> ReadNames(string path)
    {
        using var stream = InputFile.Open(path);
        var names = new List<string>();
        foreach (var entry in new ZipReader(stream, path).Entries)
        {
            CheckName(path, entry);
            names.Add(NameOf(entry));
        }

        return names;
    }

    /// <summary>Writes arrays, whole or not at all (see <see cref="AtomicFile"/>). Equal archives give equal bytes.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="archive">The arrays; .npy has no bfloat16, and .npz has no metadata: it is not stored.</param>
    /// <param name="compress">Whether the arrays are deflated; otherwise they are stored, data at multiples of 64.</param>
    /// <exception cref="ArgumentException">An element type cannot be stored, or a name is too long.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, TensorArchive archive, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(archive);
        AtomicFile.Write(path, stream =>
        {
            var zip = new ZipWriter(stream, compress, alignment: 64);
            foreach (var tensor in archive)
            {
                zip.Add(
                    tensor.Name + Extension,
                    NpyHeader.Format(tensor.ElementType, tensor.Shape.AsSpan()),
                    tensor.Bytes.Span);
            }

            zip.Complete();
        });
    }

    /// <summary>The entry of an array.</summary>
    internal static ZipEntry Find(ZipReader zip, string path, string name) =>
        zip.Find(name + Extension)
        ?? throw new ModelFormatException(path, name, "Expected an array of this name, there is none.");

    private static void CheckName(string path, ZipEntry entry)
    {
        if (!entry.Name.EndsWith(Extension, StringComparison.Ordinal))
        {
            throw new ModelFormatException(
                path, null, $"Expected entries named *{Extension}, got {ModelFormatException.Quote(entry.Name)}.");
        }
    }

    private static string NameOf(ZipEntry entry) => entry.Name[..^Extension.Length];

    private static TensorData Read(ZipReader zip, ZipEntry entry, string path)
    {
        var name = NameOf(entry);
        using var stream = zip.Open(entry);
        var header = NpyFile.ReadHeader(stream, path, name);
        return NpyFile.ReadData(stream, header, path, name, name);
    }
}
