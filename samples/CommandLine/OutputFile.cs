using FlowCore.IO;

namespace CommandLine;

/// <summary>What is wrong with the place of a result, found before any work goes into it.</summary>
public static class OutputFile
{
    private const string Probe = ".flowcore-write-test.tmp";

    // The folders that the command of this flow of control has made; null where nobody asked.
    private static readonly AsyncLocal<List<string>?> _made = new();

    /// <summary>Runs a command, and removes the folders that it made for results where it fails before anything lies in them.</summary>
    /// <param name="command">Returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int LeavingNoFolders(Func<int> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        List<string> made = [];
        _made.Value = made;
        var code = ExitCode.Failure;
        try
        {
            return code = command();
        }
        finally
        {
            _made.Value = null;
            if (code != ExitCode.Success)
                RemoveEmpty(made);
        }
    }

    /// <summary>Makes the file's folder where it is not there, and makes sure that the file can be written and may be replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">The flag or the key that names it, for messages.</param>
    /// <param name="mayReplace">Whether a file that is there may be replaced.</param>
    /// <param name="inputs">The files that are read: none of them may be replaced, whatever the flags.</param>
    /// <exception cref="UsageException">The path names no file.</exception>
    /// <exception cref="IOException">The file is there, is an input, or cannot be written.</exception>
    public static void Check(string path, string source, bool mayReplace, params ReadOnlySpan<string?> inputs) =>
        Check(path, source, mayReplace, makeFolder: true, inputs);

    /// <summary>The same for a verb that writes into folders that are there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">The flag or the key that names it, for messages.</param>
    /// <param name="mayReplace">Whether a file that is there may be replaced.</param>
    /// <param name="inputs">The files that are read.</param>
    /// <exception cref="UsageException">The path names no file.</exception>
    /// <exception cref="IOException">The file is there, is an input, or cannot be written, or its folder is missing.</exception>
    public static void CheckInFolder(string path, string source, bool mayReplace, params ReadOnlySpan<string?> inputs) =>
        Check(path, source, mayReplace, makeFolder: false, inputs);

    /// <summary>Makes a folder for results and finds out now whether files can be written into it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="UsageException">The path names no folder.</exception>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static void PrepareFolder(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0', StringComparison.Ordinal))
            throw new UsageException("The folder for the results must have a name, but it is empty or holds a null character.");
        try
        {
            Make(folder);
            Try(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Results cannot be written to the folder '{folder}' ({ContentBoundary.Sentence(error).TrimEnd('.')}).", error);
        }
    }

    private static void Check(string path, string source, bool mayReplace, bool makeFolder, ReadOnlySpan<string?> inputs)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new UsageException($"{source} must name a file, but it is empty or holds a null character.");
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"The file '{path}' of {source} cannot be written: this name is a folder.");
        foreach (var input in inputs)
        {
            if (!string.IsNullOrEmpty(input) && !input.Contains('\0', StringComparison.Ordinal) && Target(input) == Target(full))
                throw new IOException($"The file '{path}' of {source} is read by this command; it cannot be replaced by its result.");
        }

        var folder = Path.GetDirectoryName(Target(full))!;
        if (folder == "/dev")
            throw new IOException($"The file '{path}' of {source} cannot be written: it is a device, not a file.");
        if (!mayReplace && File.Exists(full))
            throw new IOException($"{path} is already there; --force replaces it.");
        if (!makeFolder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The file '{path}' of {source} cannot be written: the folder '{folder}' does not exist.");
        try
        {
            Make(folder);
            Try(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The file '{path}' of {source} cannot be written: no file can be created in the folder '{folder}' ({ContentBoundary.Sentence(error).TrimEnd('.')}).", error);
        }
    }

    private static void Make(string folder)
    {
        var missing = new List<string>();
        for (var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); place is not null && !Directory.Exists(place); place = Path.GetDirectoryName(place))
            missing.Add(place);
        Directory.CreateDirectory(folder);
        _made.Value?.InsertRange(0, missing);
    }

    // The innermost come first. What somebody else has put there stays.
    private static void RemoveEmpty(List<string> folders)
    {
        foreach (var folder in folders)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }

    // One name for all: what a killed process leaves of it the next one removes, and two at once do not disturb each other.
    private static void Try(string folder)
    {
        using var probe = new FileStream(
            Path.Combine(folder, Probe), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
    }

    // Where a link leads: writing replaces the target.
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }
}
