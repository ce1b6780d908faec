namespace CommandLine;

/// <summary>Finds what the user probably meant.</summary>
public static class Suggestion
{
    /// <summary>
    /// The candidate nearest to <paramref name="word"/> in edits (insert, delete, replace, swap neighbours), or null if even that one
    /// differs in more than a third of its letters. Case, hyphens and underscores do not count.
    /// </summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What would have been valid.</param>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(Plain(word), Plain(candidate));
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best is not null && bestDistance <= Math.Max(1, (Math.Max(word.Length, best.Length) + 1) / 3) ? best : null;
    }

    /// <summary>"; did you mean 'x'?" or, where nothing is near, "; valid here: a, b, c.".</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What would have been valid.</param>
    public static string Phrase(string word, IReadOnlyCollection<string> candidates) =>
        Nearest(word, candidates) is { } nearest
            ? $"; did you mean '{nearest}'?"
            : $"; valid here: {string.Join(", ", candidates)}.";

    private static string Plain(string word) =>
        word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    // Optimal string alignment distance; three rows of the dynamic programme suffice.
    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
