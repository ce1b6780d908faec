using System.Buffers;
using System.Text.Json;
using FlowCore.IO;
using Microsoft.Win32.SafeHandles;

namespace FlowCore.Training;

/// <summary>Writes a history as JSON lines, one at a time and straight to the file. Once warm, a step's line allocates nothing.</summary>
internal sealed class HistoryWriter : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle? _file;
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _json;
    private Stream? _start;
    private long _position;

    /// <summary>
    /// Starts a file with what has happened so far: a resumed run continues where its checkpoint is, and lines of steps
    /// that it will make again are gone. The file that was there before is replaced as a whole or not at all.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public HistoryWriter(string path, string identity, IReadOnlyList<KeyValuePair<string, string>> configuration, TrainingHistory history)
    {
        _path = path;
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { SkipValidation = true });
        AtomicFile.Write(path, stream =>
        {
            _start = stream;
            WriteRun(identity, configuration);
            foreach (var warning in history.Warnings)
                Write(warning);
            var (step, metric) = (0, 0);
            foreach (var epoch in history.Epochs)
            {
                for (; step < history.Steps.Count && history.Steps[step].Step < epoch.Step; step++)
                    Write(history.Steps[step]);
                Write(epoch);
                for (; metric < history.Metrics.Count && history.Metrics[metric].Epoch <= epoch.Epoch; metric++)
                    Write(history.Metrics[metric]);
            }

            for (; step < history.Steps.Count; step++)
                Write(history.Steps[step]);
            _start = null;
        });
        try
        {
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The history '{path}' cannot be written ({e.Message.TrimEnd('.')}).", e);
        }
    }

    public void Write(in StepRecord record)
    {
        Begin("step"u8);
        _json.WriteNumber("epoch"u8, record.Epoch);
        _json.WriteNumber("step"u8, record.Step);
        Number("loss"u8, record.Loss);
        Number("learning_rate"u8, record.LearningRate);
        Number("gradient_norm"u8, record.GradientNorm);
        End();
    }

    public void Write(in EpochRecord record)
    {
        Begin("epoch"u8);
        _json.WriteNumber("epoch"u8, record.Epoch);
        _json.WriteNumber("step"u8, record.Step);
        Number("train_loss"u8, record.TrainLoss);
        Number("validation_loss"u8, record.ValidationLoss);
        Number("learning_rate"u8, record.LearningRate);
        Number("gradient_norm"u8, record.GradientNorm);
        Number("seconds"u8, record.Seconds);
        Number("rows_per_second"u8, record.RowsPerSecond);
        if (record.OutsideRows > 0)
            _json.WriteNumber("outside_rows"u8, record.OutsideRows);
        if (record.ValidationOutsideRows > 0)
            _json.WriteNumber("validation_outside_rows"u8, record.ValidationOutsideRows);
        End();
    }

    public void Write(in MetricRecord record)
    {
        Begin("metric"u8);
        _json.WriteNumber("epoch"u8, record.Epoch);
        _json.WriteNumber("step"u8, record.Step);
        _json.WriteString("metric"u8, record.Metric.ToString());
        Number("value"u8, record.Result.Value);
        Number("perfect_mean"u8, record.Result.PerfectMean);
        Number("perfect_deviation"u8, record.Result.PerfectDeviation);
        End();
    }

    public void Write(TrainingWarning warning)
    {
        Begin("warning"u8);
        _json.WriteString("kind"u8, warning.Kind.ToString());
        _json.WriteString("text"u8, warning.Text);
        if (warning.Feature is { } feature)
            _json.WriteNumber("feature"u8, feature);
        if (warning.Row is { } row)
            _json.WriteNumber("row"u8, row);
        End();
    }

    public void WriteEnd(string outcome)
    {
        Begin("end"u8);
        _json.WriteString("outcome"u8, outcome);
        End();
    }

    public void Dispose()
    {
        _json.Dispose();
        _file?.Dispose();
    }

    private void WriteRun(string identity, IReadOnlyList<KeyValuePair<string, string>> configuration)
    {
        Begin("run"u8);
        _json.WriteString("run_id"u8, identity);
        foreach (var (key, value) in configuration)
            _json.WriteString(key, value);
        End();
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
    }

    private void Number(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumber(name, value);
        else
            _json.WriteNull(name);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.GetSpan(1)[0] = (byte)'\n';
        _line.Advance(1);
        try
        {
            if (_start is not null)
                _start.Write(_line.WrittenSpan);
            else
                RandomAccess.Write(_file!, _line.WrittenSpan, _position);
        }
        catch (Exception e) when (_start is null && (e is UnauthorizedAccessException or IOException))
        {
            throw new IOException($"The history '{_path}' could not be written ({e.Message.TrimEnd('.')}).", e);
        }

        _position += _line.WrittenCount;
    }
}
