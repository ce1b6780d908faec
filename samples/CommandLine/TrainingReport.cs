using System.Diagnostics;
using FlowCore.Training;

namespace CommandLine;

/// <summary>Hands what a training reports on to what a program shows of it, five times a second at most.</summary>
/// <param name="report">What is shown.</param>
/// <param name="done">How far the work is, of a report.</param>
public sealed class TrainingReport(IProgressReport report, Func<TrainingProgress, long> done) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private long _last;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        // What counts has to see every report.
        var units = done(value);
        if (value.Outcome == TrainingOutcome.Cancelled || (!value.EpochEnded && Stopwatch.GetElapsedTime(_last) < _interval))
            return;

        _last = Stopwatch.GetTimestamp();
        report.Report(units, TrainingConsole.Describe(value));
    }
}
