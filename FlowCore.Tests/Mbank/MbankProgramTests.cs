using CommandLine;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Tests.IO;
using FlowCore.Tests.Plotting;
using FlowCore.Tests.Training;
using FlowCore.Training;
using Mbank;
using NUnit.Framework;

namespace FlowCore.Tests.Mbank;

/// <summary>The program of samples/Mbank, with settings that take a second.</summary>
[TestFixture]
internal sealed class MbankProgramTests
{
    [Test]
    public void The_page_runs_and_its_loss_falls_towards_the_entropy()
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();
        var settings = MbankOptions.Page with { Output = folder.Path, Rows = 4000, Steps = 205, BatchSize = 500, Rate = 0.01, Frames = 100 };
        using var result = PageRun.Run(settings, output, null, CancellationToken.None);
        var epochs = result.Training.History.Epochs;
        Assert.That(epochs, Has.Count.EqualTo(205));
        int[] steps = [.. Enumerable.Range(0, 11).Select(i => 20 * i)];
        Assert.That(epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).Select(epoch => epoch.Epoch), Is.EqualTo(steps));
        Assert.That(result.Training.History.Metrics.Select(metric => metric.Epoch), Is.EqualTo(steps));
        Assert.That(epochs[^1].TrainLoss, Is.LessThan(epochs[0].TrainLoss - 0.5));

        // A divergence is not below 0 but for the error of 4,000 rows; the page's flow comes to some hundredths, this one to more.
        Assert.That(result.Divergence, Is.InRange(-0.01, 0.3));
        Assert.That(output.ToString(), Does.Contain("perfect flow has -2.8379 ± 0.05"));

        var (low, high) = (result.Flow.Transform.Parameters[0].Values.ToArray(), result.Flow.Transform.Parameters[1].Values.ToArray());
        var (back, _) = result.Flow.FromNoise(result.Noise);
        for (var i = 0; i < 1000; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                Assert.That(result.Samples[i, j] > low[j] && result.Samples[i, j] < high[j]);

                // Single precision, through ends of the box: a part in 10⁴ of its width.
                Assert.That(back[i, j], Is.EqualTo(result.Samples[i, j]).Within(1e-4 * (high[j] - low[j])));
            }
        }

        FigureAssert.IsSound(LossFigure.Create(result.Training.History, PageData.Entropy));
        FigureAssert.IsSound(ComparisonFigure.Create(result.TrainRows.AsSpan(0, 600), result.TrainRows.AsSpan(600, 600), features: 2));
        result.Save(folder.Path);
        Assert.That(folder.Names(), Is.EqualTo(new[] { "comparison.svg", "flow.safetensors", "flow.zip", "frames", "history.json", "history.jsonl", "loss.svg" }));
        Assert.That(Directory.GetFiles(folder.File("frames")).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "000100.svg", "000200.svg" }));
        Assert.That(TrainingHistory.Read(folder.File("history.jsonl")).Metrics, Is.EqualTo(result.Training.History.Metrics));
        Assert.That(TrainingHistory.Read(folder.File("history.jsonl")).Epochs, Has.Count.EqualTo(205));
        Assert.That(File.ReadAllText(folder.File("history.json")), Does.StartWith("{\"validation_step\":20,").And.Contains("\"valmetric_value\":["));
        Assert.That(File.ReadAllText(folder.File("comparison.svg")), Does.Contain("flow").And.Contains("train"));
        using var again = Flow<float>.Load(folder.File("flow.safetensors"));
        Assert.That(again.LogDensity(result.Samples)[7], Is.EqualTo(result.LogDensity[7]));
    }

    [Test]
    public void A_page_that_is_stopped_keeps_weights_and_history()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var output = new StringWriter();
        var settings = MbankOptions.Page with { Output = folder.Path, Rows = 1000, BatchSize = 100 };
        var stop = new ProgressAction(report =>
        {
            if (report is { Step: 25, EpochEnded: true })
                source.Cancel();
        });
        using var result = PageRun.Run(settings, output, stop, source.Token);
        Assert.That(output.ToString(), Does.StartWith("Stopped after 25 of 1000 steps"));
        Assert.That(result.Training.History.Epochs, Has.Count.EqualTo(25));
        Assert.That(result.Training.History.Metrics.Select(metric => metric.Epoch), Is.EqualTo(new[] { 0, 20 }));
        result.Save(folder.Path);
        Assert.That(folder.Names(), Has.Length.EqualTo(6));
        Assert.That(() => PageRun.Run(settings, output, null, source.Token), Throws.InstanceOf<OperationCanceledException>().With.Message.Contains("before the first step"));
    }

    [TestCase(1, RegressionLoss.Mean)]
    [TestCase(2, RegressionLoss.Mean)]
    [TestCase(3, RegressionLoss.Weighted)]
    public void A_regression_recovers_constant_and_density(int seed, RegressionLoss loss)
    {
        using var folder = new TemporaryFolder();
        var settings = MbankOptions.Regression with { Output = folder.Path, Seed = (ulong)seed, Loss = loss };
        using var result = RegressionRun.Run(settings, TextWriter.Null, null, CancellationToken.None);
        Assert.That(result.Regression.Constant, Is.EqualTo(RegressionTarget.Constant).Within(1e-3));
        Assert.That(result.Error, Is.LessThan(0.01));
        result.Save(folder.Path);
        Assert.That(folder.Names(), Is.EqualTo(new[] { "accuracy.svg", "flow.safetensors", "flow.zip", "history.jsonl", "loss.svg", "rows.npy" }));
    }

    [Test]
    public void The_accuracy_of_a_density_is_shown_by_slices_of_two_decades()
    {
        // Truths from 1 down to 10⁻⁹, flows beside them; rows without a density are left out.
        double[] truth = [.. Enumerable.Range(0, 900).Select(i => -0.01 * i * Math.Log(10)), 0];
        double[] flow = [.. truth.Select((value, i) => value + (0.01 * Math.Sin(i))).SkipLast(1), double.NegativeInfinity];
        var figure = AccuracyFigure.Create(flow, truth);
        FigureAssert.IsSound(figure);
        Assert.That(figure.ToSvg(), Does.Contain("2.0 to 0.0").And.Contains("8.0 to").And.Not.Contains("10.0 to"));
    }

    [Test]
    public void Without_a_verb_the_page_is_run_with_the_flags_that_are_there()
    {
        using var folder = new TemporaryFolder();
        var output = MbankRun.Succeed("--output", folder.Path, "--rows", "200", "--steps", "3", "--batch-size", "50", "--metric", "ks");
        Assert.That(output, Does.Contain("loss of the last validation").And.Contain("Kolmogorov-Smirnov").And.Contain("are in " + folder.Path));
        Assert.That(File.Exists(folder.File("comparison.svg")));
    }

    [TestCase("Unknown verb 'pages'; did you mean 'page'?", "pages")]
    [TestCase("Unknown flag '--step'; did you mean '--steps'?", "--step", "3")]
    [TestCase("Unknown flag '--loss'", "page", "--loss", "mean")]
    [TestCase("Unknown flag '--frames'", "regression", "--frames", "3")]
    [TestCase("--steps must be a whole number from 1 to 100000000, but it is '-1'.", "--steps", "-1")]
    [TestCase("--rows must be a whole number from 100 to 100000000, but it is '99'.", "regression", "--rows", "99")]
    [TestCase("Required argument missing for option: '--steps'.", "--steps")]
    [TestCase("--rate must be a number above 0 and at most 1, but it is 'fast'.", "--rate", "fast")]
    [TestCase("--metric must be cross-entropy or ks or kl, but it is 'x'.", "--metric", "x")]
    [TestCase("--loss must be mean or weighted, but it is 'x'.", "regression", "--loss", "x")]
    [TestCase("--output must name a file or a folder, but it is empty or holds a null character.", "--output", "")]
    public void A_command_line_that_means_nothing_gets_one_sentence(string sentence, params string[] words) =>
        Assert.That(MbankRun.Fail(ExitCode.Usage, words), Does.StartWith(sentence));
}
