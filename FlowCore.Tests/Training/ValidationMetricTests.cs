using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>The metrics of the validation rows that a training writes.</summary>
[TestFixture]
internal sealed class ValidationMetricTests
{
    private static readonly NoiseMetric[] _all = [NoiseMetric.NeighbourDivergence, NoiseMetric.CrossEntropy, NoiseMetric.KolmogorovSmirnov, NoiseMetric.Fisher];

    private static readonly TrainingOptions _options = new()
    {
        Epochs = 6,
        BatchSize = 50,
        ValidationInterval = 2,
        Metrics = _all,
        RestoreBest = false,
        EarlyStopping = null,
        Schedule = new ConstantSchedule(),
        Warn = null,
    };

    [Test]
    public void They_stand_in_history_file_and_reports_and_are_those_of_the_rows_as_noise()
    {
        using var folder = new TemporaryFolder();
        using var flow = Flow();
        var (rows, held) = (Rows(200, 1), Rows(300, 2));
        var reports = new List<MetricRecord>();
        var progress = new ProgressAction(report =>
        {
            Assert.That(report.Metrics, Has.Count.EqualTo(report is { EpochEnded: true, Epoch: 0 or 2 or 4 } ? 4 : 0));
            reports.AddRange(report.Metrics);
        });
        var options = _options with { Epochs = 5, HistoryPath = folder.File("history.jsonl") };
        var history = flow.Fit(new ArrayData<double>(rows, 2), options, new ArrayData<double>(held, 2), progress: progress).History;
        Assert.That(history.Metrics, Has.Count.EqualTo(12));
        Assert.That(history.Metrics.Select(record => record.Metric), Is.EqualTo(_all.Concat(_all).Concat(_all)));
        Assert.That(history.Metrics.Select(record => record.Epoch), Is.EqualTo(new[] { 0, 0, 0, 0, 2, 2, 2, 2, 4, 4, 4, 4 }));
        Assert.That(history.Metrics[^1].Step, Is.EqualTo(20));
        Assert.That(reports, Is.EqualTo(history.Metrics));
        Assert.That(TrainingHistory.Read(folder.File("history.jsonl")).Metrics, Is.EqualTo(history.Metrics));

        // The weights are those of the last epoch, which was validated.
        var noise = ModelDiagnostics.Noise<double>(flow, held);
        Assert.That(history.Metrics.Skip(8).Select(record => record.Result), Is.EqualTo(_all.Select(metric => NoiseMetrics.Evaluate(metric, noise, 2))));
    }

    [Test]
    public void A_resumed_run_has_those_of_one_that_was_never_interrupted()
    {
        using var folder = new TemporaryFolder();
        using var whole = Flow();
        using var parts = Flow();
        var (rows, held) = (new ArrayData<double>(Rows(200, 1), 2), new ArrayData<double>(Rows(100, 2), 2));
        var expected = whole.Fit(rows, _options, held).History.Metrics;
        var options = _options with { CheckpointPath = folder.File("run.safetensors"), HistoryPath = folder.File("history.jsonl"), Resume = true };
        using (var trainer = new Trainer<double>(parts, rows, options, held))
        {
            for (var i = 0; i < 3; i++)
                trainer.RunEpoch();
        }

        var resumed = parts.Fit(rows, options, held).History.Metrics;
        Assert.That(resumed, Is.EqualTo(expected));
        Assert.That(TrainingHistory.Read(folder.File("history.jsonl")).Metrics, Is.EqualTo(expected));
    }

    [Test]
    public void Rows_that_metrics_cannot_judge_are_refused()
    {
        using var flow = Flow();
        var rows = new ArrayData<double>(Rows(200, 1), 2);
        var weighted = new ArrayData<double>(Rows(20, 1), 2, weights: Enumerable.Repeat(0.5, 20).ToArray());
        Assert.That(() => flow.Fit(rows, _options with { ValidationFraction = 0 }), Throws.ArgumentException.With.Message.Contains("got others or none"));
        Assert.That(() => flow.Fit(rows, _options, weighted), Throws.ArgumentException.With.Message.Contains("without weights"));
        Assert.That(() => flow.Fit(rows, _options, new ArrayData<double>(Rows(5, 1), 2)), Throws.ArgumentException.With.Message.Contains("more than 5 validation rows for metrics, got 5"));
        Assert.That(() => flow.Fit(rows, _options with { Metrics = [(NoiseMetric)9] }, rows), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => NoiseMetrics.Evaluate((NoiseMetric)9, [1, 2], 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Rows_outside_the_support_have_no_noise_and_other_bases_are_made_normal()
    {
        using var boxed = new Flow<double>(new StandardNormal<double>(1), new Box<double>([0], [2], "box"));
        Assert.That(ModelDiagnostics.Noise<double>(boxed, [-1, 1, 2, 1.5]), Is.EqualTo(new[] { 0, Math.Atanh(0.5) }).Within(1e-14));

        // 0.95 is the quantile 0.975 of the uniform density on (−1, 1), and Φ⁻¹(0.975) = 1.96.
        using var uniform = new Flow<double>(new UniformBox<double>([-1], [1]), new Composition<double>(1));
        Assert.That(ModelDiagnostics.Noise<double>(uniform, [0, 0.95]), Is.EqualTo(new[] { 0, 1.959963984540054 }).Within(1e-12));
        Assert.That(() => ModelDiagnostics.Noise<double>(uniform, []), Throws.ArgumentException);
    }

    private static Flow<double> Flow() => MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 1, HiddenSizes = [4], Seed = 3 });

    private static double[] Rows(int count, ulong seed)
    {
        var rows = new double[2 * count];
        new RandomStream(seed).FillNormal<double>(rows);
        for (var i = 0; i < rows.Length; i += 2)
            rows[i] += 0.5 * rows[i + 1];
        return rows;
    }
}
