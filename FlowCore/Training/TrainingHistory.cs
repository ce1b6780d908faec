using System.Text.Json;
using FlowCore.Statistics;

namespace FlowCore.Training;

/// <summary>What happened in a run, with everything a plot needs.</summary>
/// <remarks>Grows while the run goes; read it from the thread that runs the training, or afterwards.</remarks>
public sealed class TrainingHistory
{
    private readonly List<EpochRecord> _epochs = [];
    private readonly List<StepRecord> _steps = [];
    private readonly List<TrainingWarning> _warnings = [];
    private readonly List<MetricRecord> _metrics = [];

    /// <summary>The complete epochs in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>The last epoch that ended with a validation; null where none did.</summary>
    public EpochRecord? LastValidated
    {
        get
        {
            for (var i = _epochs.Count - 1; i >= 0; i--)
            {
                if (!double.IsNaN(_epochs[i].ValidationLoss))
                    return _epochs[i];
            }

            return null;
        }
    }

    /// <summary>Every so many steps, as the options say.</summary>
    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>The metrics of the epochs that were validated, as <see cref="TrainingOptions.Metrics"/> asks for them.</summary>
    public IReadOnlyList<MetricRecord> Metrics => _metrics;

    /// <summary>What the caller was warned of, in the order of the warnings.</summary>
    public IReadOnlyList<TrainingWarning> Warnings => _warnings;

    /// <summary>Reads a file of JSON lines that a training wrote. A torn last line, of a run that was killed, is left out; kinds of lines that are not known are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The history.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line other than the last is not a record.</exception>
    public static TrainingHistory Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var history = new TrainingHistory();
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            try
            {
                using var document = JsonDocument.Parse(lines[i]);
                history.Take(document.RootElement);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                if (i == lines.Length - 1)
                    break;
                throw new FormatException($"Line {i + 1} of the history '{path}' is not a record: {e.Message}", e);
            }
        }

        return history;
    }

    internal void Add(in EpochRecord record) => _epochs.Add(record);

    internal void Add(in StepRecord record) => _steps.Add(record);

    internal void Add(in MetricRecord record) => _metrics.Add(record);

    internal void Add(TrainingWarning warning) => _warnings.Add(warning);

    /// <summary>Makes room, so that a step within it allocates nothing.</summary>
    internal void Reserve(int epochs, int steps)
    {
        _epochs.EnsureCapacity(_epochs.Count + epochs);
        _steps.EnsureCapacity(_steps.Count + steps);
    }

    internal void CopyFrom(TrainingHistory other)
    {
        _epochs.Clear();
        _steps.Clear();
        _metrics.Clear();
        _metrics.AddRange(other._metrics);
        _epochs.AddRange(other._epochs);
        _steps.AddRange(other._steps);
    }

    private void Take(JsonElement line)
    {
        switch (line.GetProperty("type").GetString())
        {
            case "epoch":
                _epochs.Add(new EpochRecord(
                    line.GetProperty("epoch").GetInt32(),
                    line.GetProperty("step").GetInt64(),
                    Number(line, "train_loss"),
                    Number(line, "validation_loss"),
                    Number(line, "learning_rate"),
                    Number(line, "gradient_norm"),
                    Number(line, "seconds"),
                    Number(line, "rows_per_second"))
                {
                    OutsideRows = Count(line, "outside_rows"),
                    ValidationOutsideRows = Count(line, "validation_outside_rows"),
                });
                break;
            case "step":
                _steps.Add(new StepRecord(
                    line.GetProperty("epoch").GetInt32(),
                    line.GetProperty("step").GetInt64(),
                    Number(line, "loss"),
                    Number(line, "learning_rate"),
                    Number(line, "gradient_norm")));
                break;
            case "metric":
                // A metric that a later version knows is none of ours.
                if (Enum.TryParse<NoiseMetric>(line.GetProperty("metric").GetString(), out var metric))
                {
                    _metrics.Add(new MetricRecord(
                        line.GetProperty("epoch").GetInt32(),
                        line.GetProperty("step").GetInt64(),
                        metric,
                        new MetricResult(Number(line, "value"), Number(line, "perfect_mean"), Number(line, "perfect_deviation"))));
                }

                break;
            case "warning":
                // A kind that a later version knows is none of ours.
                if (Enum.TryParse<TrainingWarningKind>(line.GetProperty("kind").GetString(), out var kind))
                {
                    _warnings.Add(new TrainingWarning(
                        kind,
                        line.GetProperty("text").GetString() ?? "",
                        line.TryGetProperty("feature", out var feature) ? feature.GetInt32() : null,
                        line.TryGetProperty("row", out var row) ? row.GetInt64() : null));
                }

                break;
        }
    }

    // What there is none of is not written.
    private static long Count(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    // JSON has no NaN: null stands for a number that there is not.
    private static double Number(JsonElement line, string name)
    {
        var value = line.GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();
    }
}
