using System.Buffers.Binary;

namespace FlowCore.IO;

/// <summary>Files of tensors, told apart by what is in them: what a file is called says nothing.</summary>
public static class TensorFile
{
    // A tar archive says what it is at byte 257.
    private const int StartLength = 262;

    /// <summary>What a file holds, by its first bytes and, for a zip archive, by its entries.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The format; the content may still be damaged.</returns>
    /// <exception cref="ModelFormatException">The file begins as a zip archive and is none.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static FileFormat FormatOf(string path)
    {
        using var stream = InputFile.Open(path);
        var start = Start(stream);
        if (start.AsSpan().StartsWith("PK"u8))
        {
            stream.Position = 0;
            var zip = new ZipReader(stream, path);
            return zip.Entries.Any(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal)) && !zip.Entries.Any(entry => entry.Name.EndsWith(".pkl", StringComparison.Ordinal))
                ? FileFormat.Npz
                : FileFormat.PyTorch;
        }

        return FormatOf(start, stream.Length);
    }

    /// <summary>Reads the tensors of a file of safetensors or of torch.save.</summary>
    /// <param name="path">The file; its content tells its format.</param>
    /// <returns>The tensors, with the metadata that goes with them.</returns>
    /// <exception cref="ModelFormatException">The file is of another format, which is named where it is known, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static TensorArchive Read(string path) => FormatOf(path) switch
    {
        FileFormat.Safetensors => SafetensorsFile.Read(path),
        FileFormat.PyTorch or FileFormat.OldPyTorch or FileFormat.Pickle => PyTorchStateDict.Read(path).Tensors,
        FileFormat.Npy => throw Refuse(path, "an array of NumPy"),
        FileFormat.Npz => throw Refuse(path, "an archive of NumPy's arrays"),
        _ => throw Refuse(path, Neighbour(path)),
    };

    /// <summary>The format that begins with some bytes; zip archives are none of these.</summary>
    internal static FileFormat FormatOf(ReadOnlySpan<byte> start, long length)
    {
        // The pickled integer 0x1950a86a20f9469cfc6c begins the files of PyTorch 0.1.10 to 1.5; what comes before it depends on the protocol.
        const int LatestMagic = 16;
        ReadOnlySpan<byte> magic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        if (start.StartsWith((byte)0x80) && start.IndexOf(magic) is >= 0 and <= LatestMagic)
            return FileFormat.OldPyTorch;

        if (start.Length == StartLength && start[257..].SequenceEqual("ustar"u8))
            return FileFormat.OldPyTorch;

        if (start.Length >= 6 && start[0] == 0x93 && start[1..6].SequenceEqual("NUMPY"u8))
            return FileFormat.Npy;

        // A header of safetensors has its length in front and is never as long as a pickle's first bytes would make it.
        if (start.Length >= 9 && start[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)length)
            return FileFormat.Safetensors;

        return start.Length >= 2 && start[0] == 0x80 && start[1] is >= 2 and <= 5 ? FileFormat.Pickle : FileFormat.Unknown;
    }

    /// <summary>The first bytes of a stream; fewer where it is shorter.</summary>
    internal static byte[] Start(Stream stream)
    {
        var start = new byte[StartLength];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    // Files that people take for models, in a few words.
    private static string Neighbour(string path)
    {
        using var stream = InputFile.Open(path);
        ReadOnlySpan<byte> start = Start(stream);
        if (start.IsEmpty)
            return "an empty file";

        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return "an HDF5 file, as Keras writes it";

        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return "a file packed with gzip, which is to be unpacked first";

        if (start.StartsWith("version https://git-lfs"u8))
            return "a pointer of Git LFS in place of the file, which 'git lfs pull' fetches";

        return IsText(start) ? "text" : "a file of another kind, or a damaged one";
    }

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (var value in start)
        {
            if (value < (byte)' ' && value is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
                return false;
        }

        return true;
    }

    private static ModelFormatException Refuse(string path, string found) =>
        new(path, null, $"Expected tensors as safetensors or as torch.save writes them, got {found}.");
}
