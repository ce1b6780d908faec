namespace FactorizableFlow.Application;

/// <summary>A command line that asks for something that does not exist; the message is one sentence for the user.</summary>
public sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
