using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>Ragged rows of a training: each event once an epoch with its own row, similar lengths together, the same bits for any number of threads.</summary>
[TestFixture]
internal sealed class RaggedDataTests
{
    private const int Count = 500;
    private const int Batch = 200;

    [Test]
    public void An_epoch_has_every_event_once_with_its_row_and_its_batches_are_in_the_order_of_lengths()
    {
        var data = Create(out var events);
        var seen = new HashSet<int>();
        for (var step = 0; step * Batch < Count; step++)
        {
            var rows = Math.Min(Batch, Count - (step * Batch));
            var (x, context, last) = Fill(data, step, 0, rows);
            var (first, rest) = (Fill(data, step, 0, 50), Fill(data, step, 50, rows - 50));
            Assert.That(x, Is.EqualTo(first.X.Concat(rest.X)), "the same rows however the batch is cut");
            Assert.That(context, Is.EqualTo(first.Context.Concat(rest.Context)));
            var previous = -1.0;
            for (var i = 0; i < rows; i++)
            {
                // Row e of x is (e, −e).
                var e = (int)x[2 * i];
                Assert.That(seen.Add(e));
                Assert.That(x[(2 * i) + 1], Is.EqualTo(-e));
                Assert.That(last(i), Is.EqualTo(e));
                var row = context.AsSpan(i * EventExamples.Layout.Columns, EventExamples.Layout.Columns);
                Assert.That(row[0], Is.EqualTo(events[e].Length / 2));
                Assert.That(row.Slice(1, events[e].Length).SequenceEqual(events[e]));
                Assert.That(row[0], Is.GreaterThanOrEqualTo(previous));
                previous = row[0];
            }
        }

        Assert.That(seen, Has.Count.EqualTo(Count));
    }

    [Test]
    public void Parts_have_no_common_event()
    {
        var (training, validation) = Create(out _).Split(0.2, seed: 5);
        Assert.That((training.Count, validation.Count), Is.EqualTo((400, 100)));
        var events = new HashSet<double>();
        for (var step = 0; step < 2; step++)
        {
            for (var i = 0; i < 200; i++)
                Assert.That(events.Add(Fill(training, step, i, 1).X[0]));
        }

        var request = new BatchRequest(BatchPurpose.Validation, 0, 0, 100, 0, 100, new RandomStream(1));
        var (x, context) = (new double[200], new double[100 * EventExamples.Layout.Columns]);
        validation.Fill(request, x, context, [], new double[100]);
        for (var i = 0; i < 100; i++)
            Assert.That(events.Add(x[2 * i]));
    }

    [Test]
    public void A_training_ends_in_the_same_bits_for_any_number_of_threads()
    {
        var weights = new List<double[]>();
        foreach (var threads in (int[])[1, 3])
        {
            using var device = new CpuDevice(threads);
            using var start = EventExamples.Model();
            using var model = start.ConvertTo<double>(device);
            model.Fit(Create(out _, scale: 0.01), new TrainingOptions { Epochs = 2, BatchSize = 300, Warn = null });
            weights.Add([.. model.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())]);
        }

        Assert.That(weights[1], Is.EqualTo(weights[0]));
    }

    [Test]
    public void Data_of_another_layout_are_refused()
    {
        using var model = EventExamples.Model();
        var events = RaggedEvents<double>.Of([[1, 2]], 2);
        var data = new RaggedData<double>(new double[2], 2, events, new RaggedLayout(5, 2));
        Assert.That(() => model.Fit(data, new TrainingOptions { Epochs = 1 }), Throws.ArgumentException.With.Message.Contains("15 columns").And.Message.Contains("11"));
        Assert.That(() => new RaggedData<double>(new double[4], 2, events, new RaggedLayout(5, 2)), Throws.ArgumentException.With.Message.Contains("row for each of 1 events"));
    }

    private static RaggedData<double> Create(out double[][] events, double scale = 1)
    {
        (events, var x) = EventExamples.Draw(Count, seed: 6);
        for (var e = 0; e < Count; e++)
            (x[2 * e], x[(2 * e) + 1]) = (scale * e, -scale * e);
        return new RaggedData<double>(x, 2, RaggedEvents<double>.Of(events, 2), EventExamples.Layout);
    }

    private static (double[] X, double[] Context, Func<int, long?> NumberOf) Fill(RaggedData<double> data, int step, int first, int rows)
    {
        var request = new BatchRequest(BatchPurpose.Training, Epoch: 1, step, Batch, first, rows, new RandomStream(9));
        var (x, context) = (new double[2 * rows], new double[rows * EventExamples.Layout.Columns]);
        data.Fill(request, x, context, [], new double[rows]);
        return (x, context, row => data.NumberOf(request, row));
    }
}
