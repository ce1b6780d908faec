namespace FlowCore.IO;

/// <summary>
/// Writes a file so that its name never shows half a file: the content goes to a temporary file in the same folder, is
/// flushed to the disk, and takes the name by a rename. Whatever fails on the way, the temporary file is deleted and
/// the file that had the name before is as it was.
/// </summary>
/// <remarks>
/// A process killed in the middle leaves the temporary file behind, named ".NAME.RANDOM.tmp", and nothing else; whoever writes the
/// same file next deletes it. Where the name is a symbolic link, the file it leads to is replaced and the link stays.
/// </remarks>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="write">Writes the content to a seekable stream that starts empty. It does not close it.</param>
    /// <exception cref="IOException">
    /// The folder is missing or read-only, the disk is full, or the like: one sentence that names the file.
    /// Exceptions of <paramref name="write"/> that are not about input and output pass unchanged.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, write, static stream => stream);
    }

    /// <summary>Writes text in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">As for <see cref="Write(string, Action{Stream})"/>.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The same with a stream between the writer and the disk, where a test can make the disk fail.</summary>
    internal static void Write(string path, Action<Stream> write, Func<Stream, Stream> wrap)
    {
        using var file = new AtomicFileStream(path);
        try
        {
            var stream = wrap(file.Stream);
            write(stream);
            stream.Flush();
            file.Commit();
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw file.Failed(e);
        }
    }
}
