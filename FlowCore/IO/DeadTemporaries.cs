namespace FlowCore.IO;

/// <summary>The temporary files of writers that were killed: found by their name and known dead because nobody holds them.</summary>
/// <remarks>
/// A writer holds its file from its creation to the rename, and the system lets go of it when the process ends, however it ends.
/// Between creating the file and holding it there is a moment in which the file is empty, and on Windows another one before the
/// rename; so such a file counts as dead only when it is older than those moments can be.
/// </remarks>
internal static class DeadTemporaries
{
    private const string Extension = ".tmp";
    private const int RandomLength = 32;
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(10);

    /// <summary>A new name for the temporary file of a target, in the same folder.</summary>
    /// <param name="target">The full path of the file to be written.</param>
    public static string NameFor(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $"{PrefixOf(target)}{Guid.NewGuid():N}{Extension}");

    /// <summary>Deletes what dead writers of the same target left. What cannot be looked at or deleted stays.</summary>
    /// <param name="target">The full path of the file to be written.</param>
    public static void Delete(string target)
    {
        var prefix = PrefixOf(target);
        try
        {
            foreach (var file in new DirectoryInfo(Path.GetDirectoryName(target)!).EnumerateFiles(".*" + Extension))
            {
                if (file.Name.StartsWith(prefix, StringComparison.Ordinal)
                    && file.Name.Length == prefix.Length + RandomLength + Extension.Length
                    && IsDead(file))
                {
                    file.Delete();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tidying up is not what the caller asked for: the write itself says what is wrong with the folder.
        }
    }

    private static string PrefixOf(string target) => $".{Path.GetFileName(target)}.";

    private static bool IsDead(FileInfo file)
    {
        try
        {
            if ((file.Length == 0 || OperatingSystem.IsWindows()) && DateTime.UtcNow - file.LastWriteTimeUtc < _moment)
                return false;
            using var held = new FileStream(file.FullName, FileMode.Open, FileAccess.Write, FileShare.None, 1);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by its writer, or gone.
            return false;
        }
    }
}
