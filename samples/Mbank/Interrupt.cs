namespace Mbank;

/// <summary>Ctrl-C: the first one ends the training, which keeps what it has; the second one ends the program.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Listens to the console.</summary>
    public Interrupt() => Console.CancelKeyPress += Handle;

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= Handle;
        _source.Dispose();
    }

    private void Handle(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
