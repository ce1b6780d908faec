using FlowCore.IO;

namespace Tables;

/// <summary>A table does not hold what was asked of it: one sentence that names the file, what was expected and what came.</summary>
public sealed class TableException : IOException
{
    /// <summary>Creates the exception with a general message.</summary>
    public TableException()
        : this("The table does not hold what was asked of it.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence that names the file.</param>
    public TableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence that names the file.</param>
    /// <param name="innerException">The cause, or null.</param>
    public TableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a table.</summary>
    /// <param name="table">The table, as the user named it.</param>
    /// <param name="problem">What was expected and what came, ended by a full stop.</param>
    /// <param name="innerException">The cause, or null.</param>
    public TableException(string table, string problem, Exception? innerException = null)
        : base($"{table}: {problem}", innerException)
    {
    }

    /// <summary>Runs a reader of a package, and says in one sentence of the table whatever it throws for the content.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="table">The table.</param>
    /// <param name="kind">What the file should be: "a Parquet file".</param>
    /// <param name="read">Reads.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="TableException">The content is wrong.</exception>
    internal static T Guard<T>(string table, string kind, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (TableException or OperationCanceledException or ObjectDisposedException or FileNotFoundException or DirectoryNotFoundException))
        {
            throw Of(table, kind, e);
        }
    }

    /// <summary>The sentence for what a package threw.</summary>
    internal static TableException Of(string table, string kind, Exception e)
    {
        var cause = e;
        while (cause is AggregateException { InnerException: { } inner })
            cause = inner;
        return cause switch
        {
            TableException known => known,
            OutOfMemoryException => new TableException(table, $"Expected {kind} that fits the memory, its sizes are larger.", e),
            EndOfStreamException => new TableException(table, $"Expected {kind}, the file is truncated or damaged.", e),
            IOException { Message: var sentence } when sentence.Contains("' cannot be read: ", StringComparison.Ordinal) => new TableException(sentence, e),
            ModelFormatException format => new TableException(format.Message, format),
            _ => new TableException(table, $"Expected {kind}, the file is damaged or of another kind ({ContentBoundary.Sentence(cause).TrimEnd('.')}).", e),
        };
    }

    /// <summary>Text from a file between quotes, with control characters replaced and overlong text cut, so that it can neither flood nor steer a terminal.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        const int Longest = 60;
        var clean = text[..Math.Min(text.Length, Longest)].ToArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (char.IsControl(clean[i]) || char.IsSurrogate(clean[i]))
                clean[i] = '?';
        }

        return text.Length > Longest ? $"'{new string(clean)}...'" : $"'{new string(clean)}'";
    }
}
