using Microsoft.Win32.SafeHandles;

namespace CommandLine;

/// <summary>
/// Keeps a model's files to one run at a time: an empty file beside them that is held open, and gone when the run is over.
/// </summary>
/// <remarks>
/// What counts is that the file is held, not that it is there: the system lets go of it when the process ends, however it
/// ends, so what a killed run leaves behind keeps nobody away.
/// </remarks>
public sealed class ModelLock : IDisposable
{
    // What the system says of a file that somebody holds: Windows, Linux, the BSDs and macOS.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnBsd = 35;

    private readonly SafeFileHandle _file;

    private ModelLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock of a model, without waiting.</summary>
    /// <param name="model">The model's file; its folder exists.</param>
    /// <exception cref="IOException">Another run has it, or it cannot be written.</exception>
    public static ModelLock Take(string model)
    {
        var path = RunFiles.Lock(model);
        try
        {
            // With this mode, this sharing and this option the runtime looks whether the file it locked still has the name, and is
            // not one that a run just over has deleted.
            return new ModelLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
        }
        catch (IOException error) when (error.HResult is SharingViolation or WouldBlockOnLinux or WouldBlockOnBsd)
        {
            throw new IOException(
                $"{model} is being trained already, by the process that holds {path}; two runs of one model would overwrite each other's checkpoint.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = error is UnauthorizedAccessException
                ? "access is denied"
                : error.Message.Replace($" : '{path}'", "", StringComparison.Ordinal).TrimEnd('.');
            throw new IOException($"{model} cannot be trained: the file {path}, which keeps other runs away, cannot be written ({reason}).", error);
        }
    }

    /// <summary>Lets the next run in.</summary>
    public void Dispose() => _file.Dispose();
}
