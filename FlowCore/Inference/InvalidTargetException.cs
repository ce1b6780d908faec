namespace FlowCore.Inference;

/// <summary>A target's log-density is NaN or +∞, or its gradient is not finite, or no draw lies where it has a density: nothing can be fitted to it as it is.</summary>
public sealed class InvalidTargetException : ArithmeticException
{
    /// <summary>Creates the exception.</summary>
    public InvalidTargetException()
        : this("The target is not valid.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    public InvalidTargetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public InvalidTargetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
