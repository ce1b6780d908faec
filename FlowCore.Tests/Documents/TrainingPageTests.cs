using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Documents;

/// <summary>The programs of the page about training.</summary>
[TestFixture]
internal sealed class TrainingPageTests
{
    [Test]
    public void Warnings_and_progress_go_where_one_wants_them()
    {
        var rows = Rows(2000);
        using var flow = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 1, HiddenSizes = [8] });
        var output = new StringWriter();

        var log = new List<TrainingWarning>();
        var options = new TrainingOptions { Epochs = 3, Warn = log.Add };    // null for silence; by default to standard error
        var progress = TrainingConsole.Progress(output, isTerminal: false);  // or Progress(), on standard error
        var result = flow.Fit(rows, options: options, progress: progress);
        foreach (var warning in result.Warnings)
            Console.WriteLine($"{warning.Kind}, feature {warning.Feature}, row {warning.Row}: {warning.Text}");

        Assert.That(log, Is.EqualTo(result.Warnings));
        Assert.That(output.ToString(), Does.Contain("done after"));
    }

    [Test]
    public void A_survey_says_what_data_look_like()
    {
        var numbers = new double[2000];
        new RandomStream(1).FillNormal<double>(numbers);

        var column = DataSurvey.Of<double>(numbers, columns: 2).Columns[0];
        Console.WriteLine($"{column.Mean:f2} ± {column.Deviation:f2}, median {column.Quantile(0.5):f2}, tails {column.TailWeight:f2} (normal: 1)");
        Console.WriteLine($"{column.DistinctValues} values in {column.Count} rows; edges: {column.HasLowerEdge}, {column.HasUpperEdge}");

        Assert.That(column.DistinctValues, Is.EqualTo(1000));
    }

    [Test]
    public void A_loop_over_epochs_of_one_s_own()
    {
        var numbers = new double[4000];
        new RandomStream(1).FillNormal<double>(numbers);
        var (training, validation) = new ArrayData<double>(numbers, 2).Split(0.25, seed: 1);
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Elementwise<double>(new Affine<double>(), 2, "map"));

        using var trainer = new Trainer<double>(flow, training, new TrainingOptions { Epochs = 5 }, validation);
        while (!trainer.IsFinished)
        {
            var epoch = trainer.RunEpoch();                                  // RunStep for one step; the last of an epoch closes it
            Console.WriteLine($"{epoch.Epoch}: {epoch.ValidationLoss:f4}");
        }

        trainer.RestoreBest();

        var noise = new double[2000];
        flow.ToNoise(numbers.AsSpan(0, 2000), noise, default);
        var metric = NoiseMetrics.CrossEntropy(noise, features: 2);
        Console.WriteLine($"{metric.Value:f3}; a perfect flow has {metric.PerfectMean:f3} ± {metric.PerfectDeviation:f3}");

        Assert.That(trainer.CompletedEpochs, Is.EqualTo(5));
        Assert.That(metric.Score, Is.EqualTo(0).Within(6));
    }

    private static Tensor<double> Rows(int count)
    {
        var rows = new double[2 * count];
        new RandomStream(3).FillNormal<double>(rows);
        return Tensor.Create(rows, [count, 2]);
    }
}
