namespace Tables;

/// <summary>A table as a user names it: a path, and behind a colon the part of an archive or an HDF5 file: "file.npz:name", "file.h5:/path".</summary>
/// <remarks>A file whose own name holds the colon wins if it exists.</remarks>
/// <param name="Text">What was written.</param>
/// <param name="Path">The file.</param>
/// <param name="Part">The part; null where none was named.</param>
internal sealed record TableSpecification(string Text, string Path, string? Part)
{
    // Where a colon can stand behind: "C:\data.csv" names no part.
    private static readonly string[] _withParts = [".npz:", ".h5:", ".hdf5:", ".hdf:", ".he5:"];

    /// <summary>The extension of the file in lower case, with its dot.</summary>
    public string Extension { get; } = System.IO.Path.GetExtension(Path).ToLowerInvariant();

    /// <summary>Reads a specification.</summary>
    /// <param name="text">What was written.</param>
    /// <exception cref="IOException">It names no file.</exception>
    public static TableSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
            throw new TableException($"Expected the name of a table, got {TableException.Quote(text)}.");
        if (!File.Exists(text))
        {
            foreach (var ending in _withParts)
            {
                var at = text.IndexOf(ending, StringComparison.OrdinalIgnoreCase);
                if (at >= 0)
                    return new TableSpecification(text, text[..(at + ending.Length - 1)], text[(at + ending.Length)..]);
            }
        }

        return new TableSpecification(text, text, null);
    }
}
