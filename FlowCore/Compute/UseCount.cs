namespace FlowCore.Compute;

/// <summary>Counts who is at work with an object that another thread, or a callback, may dispose meanwhile: the last one to leave frees.</summary>
/// <remarks>Nobody waits, so it cannot wait in a circle. Thread-safe.</remarks>
/// <param name="owner">The object, for the error's message.</param>
internal sealed class UseCount(object owner)
{
    private readonly Lock _lock = new();
    private int _users;
    private volatile bool _disposed;

    /// <summary>Throws where the object is disposed.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, owner);

    /// <summary>Begins a use.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    public void Enter()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _users++;
        }
    }

    /// <summary>Ends a use.</summary>
    /// <returns>Whether the caller must free what the object holds.</returns>
    public bool Leave()
    {
        lock (_lock)
            return --_users == 0 && _disposed;
    }

    /// <summary>Lets no further use begin.</summary>
    /// <returns>Whether the caller must free what the object holds: once, and only where nobody is at work with it.</returns>
    public bool Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return false;
            _disposed = true;
            return _users == 0;
        }
    }
}
