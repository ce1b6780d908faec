namespace FlowCore.IO;

/// <summary>
/// Where readers of files turn whatever the content of a file makes a constructor or a conversion throw into the one exception
/// for contents, with the file's name. It is the net under the readers' own checks, which know more to say.
/// </summary>
public static class ContentBoundary
{
    /// <summary>Reads, and names the file in what goes wrong with its content.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="file">The file, as shown to the user.</param>
    /// <param name="read">Reads the file or builds what it describes.</param>
    /// <returns>What <paramref name="read"/> returns.</returns>
    /// <exception cref="ModelFormatException">The content is wrong, whichever exception said so.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static T Read<T>(string file, Func<T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read();
        }
        catch (ModelFormatException e) when (e.File is null)
        {
            throw new ModelFormatException(file, null, Sentence(e), e);
        }
        catch (Exception e) when (IsAboutContent(e))
        {
            throw new ModelFormatException(file, null, $"Expected contents that make sense together, got others: {Sentence(e)}", e);
        }
    }

    /// <summary>
    /// Whether an exception can be about the values that were given, rather than about the system (input and output, memory, cancellation).
    /// </summary>
    /// <param name="exception">The exception.</param>
    public static bool IsAboutContent(Exception exception) =>
        exception is not (ArgumentNullException or ObjectDisposedException)
        && (exception is ArgumentException or InvalidOperationException or ArithmeticException or FormatException or NotSupportedException
            or KeyNotFoundException or IndexOutOfRangeException or InvalidCastException or NullReferenceException);

    /// <summary>What an exception says, in one sentence on one line and without the names of this program's parameters.</summary>
    /// <param name="exception">The exception.</param>
    public static string Sentence(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var message = exception switch
        {
            OverflowException => "A size or a number is too large.",
            NullReferenceException or IndexOutOfRangeException or InvalidCastException => "Something that must be there is missing.",
            _ => exception.Message,
        };
        if (exception is ArgumentException { ParamName: { Length: > 0 } name })
        {
            var at = message.LastIndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
            message = at > 0 ? message[..at] : message;
        }

        var line = string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length > 0 && line[^1] is '.' or '?' or '!' ? line : line + ".";
    }
}
