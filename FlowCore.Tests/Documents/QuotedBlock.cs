namespace FlowCore.Tests.Documents;

/// <summary>A block of C# in a document, and the file that its marker names: <c>&lt;!-- source: path --&gt;</c> on the line before.</summary>
/// <param name="Document">The document, from the repository's top folder.</param>
/// <param name="Line">The line of the document at which the block begins, counted from 1.</param>
/// <param name="Source">The path that the marker names, or null without a marker.</param>
/// <param name="Lines">The lines that are not empty, trimmed.</param>
internal sealed record QuotedBlock(string Document, int Line, string? Source, IReadOnlyList<string> Lines)
{
    private const string Fence = "```";
    private const string Marker = "<!-- source: ";

    /// <summary>The blocks of a document.</summary>
    public static IEnumerable<QuotedBlock> Of(string document, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != Fence + "csharp")
                continue;
            var marker = i > 0 ? lines[i - 1] : "";
            var source = marker.StartsWith(Marker, StringComparison.Ordinal) ? marker[Marker.Length..].Replace("-->", "", StringComparison.Ordinal).Trim() : null;
            var start = i + 1;
            i = Array.IndexOf(lines, Fence, start);
            yield return new QuotedBlock(document, start, source, [.. lines[start..i].Select(line => line.Trim()).Where(line => line.Length > 0)]);
        }
    }

    /// <summary>The first line that does not follow, in the source's order, on the lines before it; null where all do.</summary>
    public string? FirstStranger(IEnumerable<string> source)
    {
        var next = 0;
        foreach (var line in source)
        {
            if (next < Lines.Count && line.Trim() == Lines[next])
                next++;
        }

        return next == Lines.Count ? null : Lines[next];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Document}:{Line}";
}
