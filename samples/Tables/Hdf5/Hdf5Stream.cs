using System.Runtime.CompilerServices;

namespace Tables.Hdf5;

/// <summary>
/// The bytes of an HDF5 file, counted: data that comes from elsewhere, by links, lists of external files and virtual datasets, is known by the bytes that
/// are not asked for here. Links that lead in a circle are stopped where the stack is nearly used up.
/// </summary>
internal sealed class Hdf5Stream(string path) : FileBytes(path)
{
    /// <summary>The bytes that have been read.</summary>
    public long BytesRead { get; private set; }

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Position
    {
        get => File.Position;
        set => File.Position = value;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var read = File.Read(buffer);
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => File.Seek(offset, origin);
}
