using System.Globalization;
using FlowCore.Training;

namespace CommandLine;

/// <summary>Progress as plain lines for a log file: one at most every ten seconds, and one at the end.</summary>
internal sealed class PlainProgress(TextWriter output, string description, long total, TimeProvider time) : IProgressReport
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private long _lastLine = time.GetTimestamp();
    private bool _isComplete;

    public void Report(long done, string detail = "")
    {
        lock (_lock)
        {
            var complete = done >= total;
            if (_isComplete || (!complete && time.GetElapsedTime(_lastLine) < _interval))
                return;

            _isComplete = complete;
            _lastLine = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(_start);
            var when = complete ? $"done in {Duration.Format(elapsed)}"
                : done > 0 ? $"{Duration.Format(elapsed * ((double)(total - done) / done))} left"
                : "";
            var percent = total > 0 ? (done * 100.0 / total).ToString("0", CultureInfo.InvariantCulture) : "100";
            output.WriteLine(string.Join(", ", new[] { $"{description}: {percent} %", detail, when }.Where(part => part.Length > 0)));
        }
    }
}
