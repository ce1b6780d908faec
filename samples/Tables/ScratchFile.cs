using FlowCore.IO;
using Microsoft.Win32.SafeHandles;

namespace Tables;

/// <summary>
/// A file without a name for what does not fit the memory. It is gone with its process, however that ends: the name is taken away as soon as the
/// file is open, and where the system does not allow that it deletes the file when it is closed.
/// </summary>
/// <remarks>Reading is safe for several threads at once.</remarks>
internal sealed class ScratchFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _folder;

    /// <summary>Creates the file.</summary>
    /// <param name="folder">Where; it exists.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public ScratchFile(string folder)
    {
        _folder = folder;
        var path = Path.Combine(folder, $".scratch.{Guid.NewGuid():N}.tmp");
        try
        {
            _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"No file for what does not fit the memory can be created in the folder '{folder}' ({ContentBoundary.Sentence(e).TrimEnd('.')}).", e);
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException e)
        {
            throw new IOException($"What does not fit the memory could not be written to a file in '{_folder}' ({ContentBoundary.Sentence(e).TrimEnd('.')}).", e);
        }
    }

    /// <summary>Reads bytes that have been written.</summary>
    /// <param name="bytes">Receives them.</param>
    /// <param name="offset">From where.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Read(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
                throw new IOException($"The file for what does not fit the memory, in '{_folder}', became shorter.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
