namespace CommandLine;

/// <summary>A command line that asks for something that does not exist; the message is one sentence for the user.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Without a sentence.</summary>
    public UsageException()
    {
    }

    /// <summary>With a sentence.</summary>
    /// <param name="message">One sentence for the user.</param>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and its cause.</summary>
    /// <param name="message">One sentence for the user.</param>
    /// <param name="innerException">What it is about.</param>
    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
