namespace CommandLine;

/// <summary>What every verb is given: where to report, and when to stop.</summary>
/// <param name="Reporter">Takes lines, tables and progress.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C where somebody looks at it.</param>
/// <param name="Interrupt">Where the signals come in; null where there are none.</param>
public sealed record CommandContext(ConsoleReporter Reporter, CancellationToken Cancellation, InterruptSource? Interrupt = null)
{
    /// <summary>Says that the caller looks at <see cref="Cancellation"/> from now on until the result is disposed; a signal at any other time ends the process.</summary>
    public IDisposable? Polling() => Interrupt?.Polling();

    /// <summary>Runs work that looks at <see cref="Cancellation"/> while showing how far it is.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="description">What is done.</param>
    /// <param name="total">Units of work; at least 0.</param>
    /// <param name="work">The work, on the calling thread.</param>
    public T Poll<T>(string description, long total, Func<IProgressReport, T> work)
    {
        using var polling = Polling();
        return Reporter.Track(description, total, work);
    }
}
