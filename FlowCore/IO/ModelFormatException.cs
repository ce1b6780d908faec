namespace FlowCore.IO;

/// <summary>
/// A file of tensors does not hold what its format demands. The message is one sentence that names the file, the
/// tensor where there is one, what was expected and what came. It is the only exception that the readers of this
/// namespace throw for the content of a file.
/// </summary>
public sealed class ModelFormatException : IOException
{
    /// <summary>Creates the exception with a general message.</summary>
    public ModelFormatException()
        : this("The file does not hold what its format demands.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence that names the file and says what was expected and what came.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence that names the file and says what was expected and what came.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ModelFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a file and, where known, one of its tensors.</summary>
    /// <param name="file">The file, as shown to the user.</param>
    /// <param name="tensor">The tensor's name, or null where the fault is not in a single tensor.</param>
    /// <param name="problem">What was expected and what came, without a subject, ended by a full stop.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ModelFormatException(string file, string? tensor, string problem, Exception? innerException = null)
        : base(
            tensor is null ? $"{file}: {problem}" : $"{file}: tensor {Quote(tensor)}: {problem}",
            innerException)
    {
        File = file;
        Tensor = tensor;
    }

    /// <summary>The file, as shown to the user; null where it is not known.</summary>
    public string? File { get; }

    /// <summary>The name of the tensor at fault; null where the fault is not in a single tensor.</summary>
    public string? Tensor { get; }

    /// <summary>
    /// Puts text that came from a file between single quotes, with control characters replaced and overlong text cut,
    /// so that a hostile name can neither flood nor steer a terminal.
    /// </summary>
    internal static string Quote(string text)
    {
        const int Longest = 200;
        var shown = text.AsSpan(0, Math.Min(text.Length, Longest));
        var clean = shown.ToArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (char.IsControl(clean[i]) || char.IsSurrogate(clean[i]) && !IsPaired(clean, i))
                clean[i] = '?';
        }

        return text.Length > Longest ? $"'{new string(clean)}...'" : $"'{new string(clean)}'";
    }

    private static bool IsPaired(char[] text, int i) =>
        char.IsHighSurrogate(text[i])
            ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
            : i > 0 && char.IsHighSurrogate(text[i - 1]);
}
