using System.Text;

namespace CommandLine;

/// <summary>
/// A text stream that never throws: what cannot be written, to a full disk or a pipe that nobody reads any more, is noted once and left
/// out, so that a line about the work never ends the work. Safe from any thread.
/// </summary>
/// <param name="inner">Where the text goes; it stays the caller's.</param>
public sealed class GuardedWriter(TextWriter inner) : TextWriter
{
    private readonly Lock _lock = new();

    /// <summary>Why something could not be written, in the system's words; null where all was.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>A writer that never throws; one that is guarded already stays as it is.</summary>
    /// <param name="writer">Where the text goes.</param>
    public static GuardedWriter Over(TextWriter writer) => writer as GuardedWriter ?? new GuardedWriter(writer);

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        lock (_lock)
        {
            try
            {
                write();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Problem ??= error.Message.TrimEnd('.');
            }
        }
    }
}
