using System.Runtime.InteropServices;

namespace CommandLine;

/// <summary>
/// What Ctrl-C, a request to terminate and the end of the terminal do. Where work looks at the token, the first signal cancels it, so
/// that it can save what it has, and the second one ends the process. Where nothing looks, the first one ends the process: a signal is
/// never swallowed. What is being written at that moment does not take its name.
/// </summary>
public sealed class InterruptSource : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<int> _end;
    private int _polling;

    /// <summary>Listens to the signals of the process.</summary>
    public InterruptSource()
        : this(EndProcess)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Listens to nothing; signals come through <see cref="Receive"/>.</summary>
    /// <param name="end">Ends the process with a code.</param>
    internal InterruptSource(Action<int> end) => _end = end;

    /// <summary>Cancelled by the first signal that comes while somebody looks.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Says that the caller looks at <see cref="Token"/> from now on until the result is disposed.</summary>
    public IDisposable Polling()
    {
        Interlocked.Increment(ref _polling);
        return new Scope(this);
    }

    /// <summary>Takes a signal. Returns whether it was taken; otherwise the system does what it does without the program.</summary>
    internal bool Receive()
    {
        if (_source.IsCancellationRequested)
            return false;
        if (Volatile.Read(ref _polling) > 0)
        {
            _source.Cancel();
            return true;
        }

        _end(ExitCode.Cancelled);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private static void EndProcess(int code)
    {
        try
        {
            Console.Error.WriteLine("Stopped.");
        }
        catch (IOException)
        {
            // Nobody is left to read it.
        }

        Environment.Exit(code);
    }

    private void Handle(PosixSignalContext context) => context.Cancel = Receive();

    private sealed class Scope(InterruptSource owner) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                Interlocked.Decrement(ref owner._polling);
        }
    }
}
