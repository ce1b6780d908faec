namespace Mbank;

/// <summary>An ini file of one section, as Python's configparser reads it and mbank wants it: "key: value" or "key = value", lines of # or ; are comments.</summary>
internal sealed class IniFile
{
    private IniFile(string path, string section, IReadOnlyList<IniEntry> entries)
    {
        Path = path;
        Section = section;
        Entries = entries;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The name of the section.</summary>
    public string Section { get; }

    /// <summary>The keys in the order of the file.</summary>
    public IReadOnlyList<IniEntry> Entries { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">A line means nothing; the line is named.</exception>
    public static IniFile Read(string path)
    {
        string? section = null;
        var entries = new List<IniEntry>();
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
                continue;
            if (line[0] == '[')
            {
                if (section is not null || line[^1] != ']' || line.Length < 3)
                    throw Wrong(i, "one section, [NAME]");
                section = line[1..^1].Trim();
                continue;
            }

            var at = line.AsSpan().IndexOfAny(':', '=');
            if (at < 1)
                throw Wrong(i, "key: value");
            if (section is null)
                throw Wrong(i, "a section, [NAME], before the first key");
            var key = line[..at].TrimEnd();
            if (entries.Exists(entry => entry.Key == key))
                throw Wrong(i, $"'{key}' once");
            entries.Add(new IniEntry(key, line[(at + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), i + 1));
        }

        return section is null ? throw new ArgumentException($"Expected a section, [NAME], in {path}, got none.") : new IniFile(path, section, entries);

        ArgumentException Wrong(int index, string expected) => OptionValue.Wrong($"in line {index + 1} of {path}", expected, lines[index].Trim());
    }
}
