using CommandLine;

namespace FlowCore.Cli.Data;

/// <summary>Names of tables that are written.</summary>
internal static class TableName
{
    /// <summary>Refuses a name whose extension says no format that is written.</summary>
    /// <param name="path">The name; one that is empty or of a folder is left to those who say more about it.</param>
    /// <param name="flag">The flag, for the message.</param>
    /// <exception cref="UsageException">The extension is another.</exception>
    public static void Require(string path, string flag)
    {
        if (path.Length == 0 || Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            return;
        if (Path.GetExtension(path).ToUpperInvariant() is not (".CSV" or ".TSV" or ".NPY" or ".NPZ" or ".PARQUET"))
            throw new UsageException($"{flag} must name a .csv, .tsv, .npy, .npz or .parquet file, but it is '{path}'.");
    }
}
