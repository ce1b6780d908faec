namespace FactorizableFlow.Configuration;

/// <summary>A config file that cannot be used; the message is one sentence that names the file, the line and the key.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException()
    {
    }

    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
