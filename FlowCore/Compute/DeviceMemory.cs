namespace FlowCore.Compute;

/// <summary>A contiguous run of numbers in the memory of one device; on the processor one that never moves.</summary>
/// <remarks>Owned by whoever allocated it. Reading and writing from several threads is the callers' to order. Its use after <see cref="Dispose()"/> is an <see cref="ObjectDisposedException"/>.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class DeviceMemory<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Initializes the description of the run.</summary>
    /// <param name="length">How many numbers, at least 1.</param>
    protected DeviceMemory(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
    }

    /// <summary>How many numbers the run holds.</summary>
    public long Length { get; }

    /// <summary>The address of the first number where the host can read it; zero for memory that only the device reaches.</summary>
    /// <exception cref="ObjectDisposedException">The host could read the memory, and it is disposed.</exception>
    public abstract nint Address { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">False when called from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
