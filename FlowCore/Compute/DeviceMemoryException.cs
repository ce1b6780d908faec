namespace FlowCore.Compute;

/// <summary>A device has not enough memory.</summary>
public sealed class DeviceMemoryException : Exception
{
    /// <summary>Creates the error.</summary>
    public DeviceMemoryException()
        : this("The device has not enough memory.")
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">The sentence.</param>
    public DeviceMemoryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">What the device said.</param>
    public DeviceMemoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the error for an allocation that failed.</summary>
    /// <param name="device">What the device is called.</param>
    /// <param name="requestedBytes">How many bytes were asked for.</param>
    /// <param name="allocatedBytes">How many bytes were in use before.</param>
    /// <param name="innerException">What the device said.</param>
    public DeviceMemoryException(string device, long requestedBytes, long allocatedBytes, Exception? innerException = null)
        : base(
            FormattableString.Invariant(
                $"{device} has not enough memory: {requestedBytes / 1048576.0:F1} MiB were asked for, with {allocatedBytes / 1048576.0:F1} MiB in use."),
            innerException)
    {
        RequestedBytes = requestedBytes;
        AllocatedBytes = allocatedBytes;
    }

    /// <summary>How many bytes were asked for; 0 where that is not known.</summary>
    public long RequestedBytes { get; }

    /// <summary>How many bytes were in use before.</summary>
    public long AllocatedBytes { get; }
}
