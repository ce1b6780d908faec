using System.Globalization;

namespace FlowCore.Training;

/// <summary>A training's progress as one line of a terminal that is drawn over itself, or as plain lines.</summary>
internal sealed class ConsoleProgress(TextWriter output, bool isTerminal, int width) : IProgress<TrainingProgress>
{
    private const int BarWidth = 20;
    private static readonly TimeSpan _terminalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(10);

    private long _firstStep;
    private TimeSpan _firstElapsed;
    private long _lastStep = long.MaxValue;
    private TimeSpan _lastDrawn;
    private int _drawn;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        // A training that begins: steps go up within one.
        if (value.Step < _lastStep || value.Elapsed < _lastDrawn)
        {
            _firstStep = value.Step;
            _firstElapsed = value.Elapsed;
            _lastDrawn = isTerminal ? value.Elapsed - _terminalInterval : TimeSpan.Zero;
            _drawn = 0;
        }

        _lastStep = value.Step;
        var isLast = value.Outcome is not null;
        if (!isLast && value.Elapsed - _lastDrawn < (isTerminal ? _terminalInterval : _plainInterval))
            return;
        _lastDrawn = value.Elapsed;
        var line = Line(value, isLast);
        if (!isTerminal)
        {
            TrainingConsole.TryWrite(output, line + Environment.NewLine);
            return;
        }

        // One short of the width: a full line would wrap.
        if (line.Length > width - 1)
            line = line[..(width - 1)];
        var rest = new string(' ', Math.Max(0, _drawn - line.Length));
        _drawn = line.Length;

        // The cursor waits at the start, so that whatever else is written begins there.
        TrainingConsole.TryWrite(output, line + rest + (isLast ? Environment.NewLine : "\r"));
    }

    private string Line(in TrainingProgress value, bool isLast)
    {
        var total = (long)value.Epochs * value.StepsPerEpoch;
        var share = Math.Clamp((double)value.Step / total, 0, 1);
        var filled = (int)(share * BarWidth);
        var bar = isTerminal ? $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] " : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{bar}{Math.Floor(100 * share):0} %, {TrainingConsole.Describe(value)}, {value.RowsPerSecond:N0} rows/s{When(value, total, isLast)}");
    }

    private string When(in TrainingProgress value, long total, bool isLast)
    {
        if (isLast)
        {
            var how = value.Outcome switch
            {
                TrainingOutcome.StoppedEarly => "stopped early",
                TrainingOutcome.Cancelled => "cancelled",
                _ => "done",
            };
            return $", {how} after {Duration.Format(value.Elapsed)}";
        }

        var steps = value.Step - _firstStep;
        return steps > 0 ? $", {Duration.Format((value.Elapsed - _firstElapsed) * ((double)(total - value.Step) / steps))} left" : "";
    }
}
