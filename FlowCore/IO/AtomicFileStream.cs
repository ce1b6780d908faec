namespace FlowCore.IO;

/// <summary>
/// A file in the making (see <see cref="AtomicFile"/>): a stream to a temporary file, which <see cref="Commit"/> puts
/// in place and <see cref="Dispose"/> without a commit deletes.
/// </summary>
internal sealed class AtomicFileStream : IDisposable
{
    private readonly string _path;
    private readonly string _target;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _isCommitted;

    /// <summary>Creates the temporary file.</summary>
    /// <exception cref="IOException">The folder is missing or cannot be written to.</exception>
    public AtomicFileStream(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _target = Path.GetFullPath(path);
        if (Directory.Exists(_target))
            throw new IOException($"The file '{path}' cannot be written: this name is a folder.");

        _target = TargetOfLink(_target);
        var folder = Path.GetDirectoryName(_target);
        if (folder is null || !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The file '{path}' cannot be written: the folder '{folder}' does not exist.");
        }

        if (folder == "/dev")
        {
            // A rename would replace the device itself.
            throw new IOException($"The file '{path}' cannot be written: it is a device, not a file.");
        }

        DeadTemporaries.Delete(_target);
        _temporary = DeadTemporaries.NameFor(_target);
        try
        {
            _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException(
                $"The file '{path}' cannot be written: no file can be created in the folder '{folder}' " +
                $"({Reason(e)}).",
                e);
        }
    }

    /// <summary>The stream to the temporary file: seekable, readable and writable.</summary>
    public Stream Stream => _stream;

    /// <summary>Whether an exception says that the disk, and not the writer's own logic, failed.</summary>
    public static bool IsFailureOfDisk(Exception e) =>
        e is UnauthorizedAccessException || (e is IOException && e is not ModelFormatException);

    /// <summary>Flushes the content to the disk and gives it the file's name.</summary>
    /// <exception cref="IOException">The disk refused; the file that was there before is as it was.</exception>
    public void Commit()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            KeepMode();

            // Held until it has its name, so that nobody takes it for the file of a dead writer; Windows renames no file that is open.
            if (OperatingSystem.IsWindows())
                _stream.Dispose();
            File.Move(_temporary, _target, overwrite: true);
            _isCommitted = true;
            _stream.Dispose();
        }
        catch (Exception e) when (IsFailureOfDisk(e))
        {
            throw Failed(e);
        }
    }

    /// <summary>The sentence for a failure of the disk, with its cause.</summary>
    public IOException Failed(Exception cause) =>
        cause.InnerException is not null && cause.Message.StartsWith(Prefix, StringComparison.Ordinal)
            ? (IOException)cause
            : new IOException($"{Prefix} ({Reason(cause)}); what was there before is unchanged.", cause);

    /// <summary>Closes the stream and, where the file was not committed, deletes the temporary file.</summary>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Closing flushes what is still buffered; on a full disk that fails again, and the file goes anyway.
        }
        finally
        {
            if (!_isCommitted)
                Delete();
        }
    }

    private string Prefix => $"The file '{_path}' could not be written";

    /// <summary>What the system said, without the temporary file's name, which says nothing to the reader.</summary>
    private string Reason(Exception e) =>
        e is UnauthorizedAccessException
            ? "access is denied"
            : e.Message.Replace($" : '{_temporary}'", "", StringComparison.Ordinal).TrimEnd('.');

    private static string TargetOfLink(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Nothing there yet, or a broken chain of links, which the rename replaces.
            return path;
        }
    }

    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_target))
            File.SetUnixFileMode(_stream.SafeFileHandle, File.GetUnixFileMode(_target));
    }

    private void Delete()
    {
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
