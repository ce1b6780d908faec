namespace FlowCore.IO;

/// <summary>Opening files and taking bytes from streams that may be shorter than they claim.</summary>
internal static class InputFile
{
    /// <summary>Memory taken at once for data whose presence has not been seen yet.</summary>
    private const int FirstStep = 1 << 20;

    /// <summary>Opens a file for reading, with an <see cref="IOException"/> of one sentence where that fails.</summary>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"The file '{path}' cannot be read: this name is a folder.");

        if (path.Contains('\0', StringComparison.Ordinal))
            throw new IOException($"The file {ModelFormatException.Quote(path)} cannot be read: its name holds a null character.");

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException($"The file '{path}' does not exist.", path, e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new DirectoryNotFoundException(
                $"The file '{path}' cannot be read: its folder does not exist.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The file '{path}' cannot be read: access is denied.", e);
        }
    }

    /// <summary>Refuses a pipe or a device where a file is read in any order.</summary>
    public static void RequireSeekable(Stream stream, string file)
    {
        if (!stream.CanSeek)
            throw new ModelFormatException(file, null, "Expected a file that can be read from any place, got a pipe or a device.");
    }

    /// <summary>
    /// The bytes from a stream's position to its end where the stream says so, otherwise null. They may be only
    /// claimed: see <see cref="ReadExactly"/>.
    /// </summary>
    public static long? Remaining(Stream stream) =>
        stream is ZipEntryStream entry ? entry.Remaining
        : stream.CanSeek ? stream.Length - stream.Position
        : null;

    /// <summary>How a stream is called in messages: the file's path, or "the stream".</summary>
    public static string Describe(Stream stream) => stream is FileStream file ? file.Name : "the stream";

    /// <summary>
    /// Reads exactly <paramref name="count"/> bytes. Where the stream's length is unknown or only claimed, memory is taken in steps as
    /// the bytes arrive, so that a claim alone costs nothing.
    /// </summary>
    /// <returns>The bytes, or null where the stream ends before.</returns>
    public static byte[]? ReadExactly(Stream stream, int count)
    {
        if (Remaining(stream) is { } remaining && remaining < count)
            return null;

        if (stream.CanSeek || stream is ZipEntryStream { IsStored: true })
        {
            var known = GC.AllocateUninitializedArray<byte>(count);
            return stream.ReadAtLeast(known, count, throwOnEndOfStream: false) == count ? known : null;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(Math.Min(count, FirstStep));
        var filled = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled < bytes.Length)
                return null;

            if (filled == count)
                return bytes;

            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(count, 2L * bytes.Length));
            bytes.CopyTo(larger, 0);
            bytes = larger;
        }
    }
}
