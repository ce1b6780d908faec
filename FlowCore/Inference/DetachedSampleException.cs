namespace FlowCore.Inference;

/// <summary>A gradient through draws was asked for, and the draws do not depend on the parameters: the gradient would be noise around a wrong value, often 0.</summary>
public sealed class DetachedSampleException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public DetachedSampleException()
        : this("The sample does not depend on the parameters.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    public DetachedSampleException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public DetachedSampleException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
