using System.Globalization;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Tests.IO;
using FlowCore.Tests.Training;
using FlowCore.Training;
using Mbank;
using NUnit.Framework;

namespace FlowCore.Tests.Mbank;

/// <summary>train-flow of samples/Mbank, with settings that take a second.</summary>
[TestFixture]
internal sealed class TrainFlowTests
{
    private const string Settings = """
        ; a comment
        [gauss]
        dataset: data/rows.dat
        run-dir = results
        flow-file: weights.zip
        boundaries: -15 15 -15 15
        n-layers: 1
        hidden-features: 4
        n-epochs: 60
        batch-size: 200
        validation-step: 10
        patience: 100
        learning-rate: 0.05
        frames: 30
        load-flow: false
        """;

    [Test]
    public void An_ini_file_s_paths_start_at_its_folder_and_everything_is_written()
    {
        using var folder = Prepared(500);
        var (code, output, error) = MbankRun.Run("train-flow", folder.File("run.ini"), "--verbose", "false");
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        Assert.That(output, Does.Contain("500 rows of 2 features; 1 with a number that is none and 1 outside"));
        var results = folder.File("results");
        string[] names =
        [
            "accuracy.svg", "comparison.svg", "flow.safetensors", "frames", "history.json", "history.jsonl", "loss.svg", "weights.zip",
        ];
        Assert.That(Names(results), Is.EqualTo(names));
        Assert.That(Names(Path.Combine(results, "frames")), Is.EqualTo(new[] { "000030.svg", "000060.svg" }));
        var history = TrainingHistory.Read(Path.Combine(results, "history.jsonl"));
        Assert.That(history.Epochs, Has.Count.EqualTo(60));
        Assert.That(history.Epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 0, 10, 20, 30, 40, 50 }));

        // Both files are the same flow; mbank's has the box, wider than the boundaries by a hundredth of their distance, and the constant.
        var tensors = PyTorchStateDict.Read(Path.Combine(results, "weights.zip")).Tensors;
        using var flow = StateDictionary.ReadFlow<float>(tensors);
        using var own = Flow<float>.Load(Path.Combine(results, "flow.safetensors"));
        var (a, b) = (new float[2], new float[2]);
        flow.LogDensity([0.5f, 0.1f, -1, 2], a);
        own.LogDensity([0.5f, 0.1f, -1, 2], b);
        Assert.That(a, Is.EqualTo(b));
        Assert.That(flow.Transform.Parameters[1].Values.ToArray(), Is.All.EqualTo(15.3f));
        Assert.That(Math.Abs(StateDictionary.Constant(tensors)!.Value), Is.LessThan(10));

        var again = MbankRun.Run("train-flow", folder.File("run.ini"), "--load-flow", "--plot", "false");
        Assert.That(again.Code, Is.EqualTo(ExitCode.Success));
        Assert.That(again.Output.Split('\n')[1..3], Is.EqualTo(output.Split('\n')[1..3]), "volume and accuracy");
    }

    [Test]
    public void The_command_line_goes_before_the_ini_file_and_samples_have_their_metrics()
    {
        using var folder = Prepared(400);
        string[] more = ["--loss-function", "forward_KL", "--validation-metric", "ks", "--hidden-features", "3", "5", "--n-layers", "2", "--run-dir", folder.File("other"), "--plot"];
        var (code, output, error) = MbankRun.Run(["train-flow", .. more, folder.File("run.ini")]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        Assert.That(output, Does.Contain("Kolmogorov-Smirnov: ").And.Contain("a perfect flow has -0.8686 ± 0.6142"));
        var history = TrainingHistory.Read(Path.Combine(folder.File("other"), "history.jsonl"));
        Assert.That(history.Metrics.Select(record => (record.Epoch, record.Metric)), Is.EqualTo(Enumerable.Range(0, 6).Select(i => (10 * i, NoiseMetric.KolmogorovSmirnov))));
        var tensors = PyTorchStateDict.Read(Path.Combine(folder.File("other"), "weights.zip")).Tensors;
        Assert.That(StateDictionary.Constant(tensors), Is.Null, "samples train no constant");
        using var flow = StateDictionary.ReadFlow<float>(tensors);
        Assert.That(flow.Transform.Parameters.Single(parameter => parameter.Name.EndsWith("4.autoregressive_net.final_layer.weight", StringComparison.Ordinal)).Columns, Is.EqualTo(5));
    }

    [Test]
    public void Early_stopping_ends_a_run_and_a_signal_keeps_what_there_is()
    {
        using var folder = Prepared(300);
        var (code, output, _) = MbankRun.Run("train-flow", folder.File("run.ini"), "--patience", "1", "--min-delta", "1e6", "--plot", "false");
        Assert.That(code, Is.EqualTo(ExitCode.Success));
        Assert.That(output, Does.Contain("Stopped after 11 steps: 1 validations in a row were no better."));

        using var source = new CancellationTokenSource();
        var stop = new ProgressAction(report =>
        {
            if (report is { Step: 5, EpochEnded: true })
                source.Cancel();
        });
        var options = TrainFlowOptions.Read(folder.File("run.ini"), new IniEntry("run-dir", [folder.File("stopped")], 0));
        using var printed = new StringWriter(CultureInfo.InvariantCulture);
        using (var result = TrainFlowRun.Run(options, printed, stop, source.Token))
        {
            Assert.That(result.IsCancelled);
            result.Save(folder.File("stopped"));
        }

        Assert.That(printed.ToString(), Does.Contain("Stopped after 5 of 60 steps"));
        Assert.That(Names(folder.File("stopped")), Does.Contain("weights.zip").And.Contain("history.jsonl").And.Contain("loss.svg"));

        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var reporter = new ConsoleReporter(printed, error, isTerminal: false);
        Assert.That(MbankProgram.Run(["train-flow", folder.File("run.ini")], reporter, printed, error, source.Token), Is.EqualTo(ExitCode.Cancelled));
        Assert.That(error.ToString(), Is.EqualTo($"Stopped before the first step: there is nothing to save.{Environment.NewLine}"));
    }

    [Test]
    public void Rows_may_be_an_array_and_may_hold_a_metric_between()
    {
        using var folder = new TemporaryFolder();

        // D = 2: two features, four numbers of a metric, the logarithm.
        NpyFile.Write<double>(folder.File("rows.npy"), [3, 7], [1, 2, 0, 0, 0, 0, -1, 3, 4, 0, 0, 0, 0, -2, 5, double.NaN, 0, 0, 0, 0, -3]);
        var options = TrainFlowOptions.Read(null, new IniEntry("dataset", [folder.File("rows.npy")], 0), new IniEntry("n-features", ["2"], 0));
        var data = TrainFlowData.Read(options);
        Assert.That((data.Features, data.NotFinite), Is.EqualTo((2, 1)));
        Assert.That(data.X, Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(data.LogDensities, Is.EqualTo(new float[] { -1, -2 }));

        // Without the number of features, all columns but the last.
        Assert.That(TrainFlowData.Read(options with { Features = null }).Features, Is.EqualTo(6));
        Assert.That(TrainFlowData.Read(options with { Rows = 1 }).X, Is.EqualTo(new float[] { 1, 2 }));
        File.WriteAllText(folder.File("rows.txt"), "# x\n1, 2\n3, 4 # y\n");
        var samples = options with { Dataset = [folder.File("rows.txt")], Loss = TrainFlowLoss.ForwardDivergence };
        Assert.That(TrainFlowData.Read(samples).LogDensities, Is.Empty);
    }

    [TestCase("n-layer: 2", "Expected a key that train-flow --help lists, got 'n-layer' in line 2 of {0}.")]
    [TestCase("n-layers: two", "Expected a whole number from 1 to 100000000 for n-layers in line 2 of {0}, got 'two'.")]
    [TestCase("n-layers: 2 3", "Expected a whole number for n-layers in line 2 of {0}, got '2 3'.")]
    [TestCase("n-layers", "Expected key: value in line 2 of {0}, got 'n-layers'.")]
    [TestCase("seed: 1\nseed: 2", "Expected 'seed' once in line 3 of {0}, got 'seed: 2'.")]
    [TestCase("[other]", "Expected one section, [NAME] in line 2 of {0}, got '[other]'.")]
    [TestCase("train-fraction: 1", "Expected a share above 0 and below 1 for train-fraction in line 2 of {0}, got '1'.")]
    [TestCase("min-delta: nan", "Expected a number of at least 0 for min-delta in line 2 of {0}, got 'nan'.")]
    [TestCase("loss-function: mse", "Expected ll_mse, weighted_ll_mse or forward_KL for loss-function in line 2 of {0}, got 'mse'.")]
    [TestCase("boundaries: 1 0", "Expected a lower and an upper end for each feature for boundaries in line 2 of {0}, got '1 0'.")]
    [TestCase("plot: yes", "Expected true or false for plot in line 2 of {0}, got 'yes'.")]
    [TestCase("hidden-features: 1 2 3", "Expected one number of hidden-features or one for each of 2 layers, got 3.")]
    public void A_wrong_line_of_an_ini_file_gets_one_sentence_that_names_it(string lines, string sentence)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ini");
        File.WriteAllText(path, $"[run]\n{lines}\n");
        Assert.That(MbankRun.Run("train-flow", path), Is.EqualTo((ExitCode.Usage, "", $"{string.Format(CultureInfo.InvariantCulture, sentence, path)}{Environment.NewLine}")));
    }

    [Test]
    public void What_cannot_be_done_gets_one_sentence()
    {
        using var folder = Prepared(300);
        var ini = folder.File("run.ini");
        var missing = folder.File("none.dat");
        Fails(ExitCode.Usage, "Unknown flag '--steps'", ini, "--steps", "1");
        Fails(ExitCode.Usage, "Unknown flag '--plots'; did you mean '--plot'?", ini, "--hidden-features", "3", "--plots");
        Fails(ExitCode.Usage, "Expected a whole number from 1 to 100000000 after --n-layers, got 'x'.", ini, "--n-layers", "x");
        Fails(ExitCode.Usage, "train-flow does not take the word 'b.ini'", "a.ini", "b.ini");
        Fails(ExitCode.Usage, "Expected one ini file, got 'a.ini' and 'b.ini'.", "a.ini", "--boundaries", "-1", "1", "b.ini");
        Fails(ExitCode.Usage, "Expected a FILE.ini or an option that --help lists, got 'x'.", "x");
        Fails(ExitCode.Failure, "none.ini", folder.File("none.ini"));
        Fails(ExitCode.Failure, "none.dat", ini, "--dataset", missing);
        Fails(ExitCode.Failure, "weights.zip", ini, "--load-flow");
        Fails(ExitCode.Failure, "Expected 8 boundaries for 4 features, got 4.", ini, "--n-features", "4", "--loss-function", "forward_KL", "--dataset", Text("1 2 3 4"));
        Fails(ExitCode.Failure, "Expected rows of 5 features and a log-density, got 3 columns in ", ini, "--n-features", "5");
        Fails(ExitCode.Failure, "Expected 3 numbers in line 2 of ", ini, "--dataset", Text("1 2 3\n1 2"));
        Fails(ExitCode.Failure, "Expected a number in line 1 of ", ini, "--dataset", Text("1 2 x"));
        Fails(ExitCode.Failure, "Expected rows of numbers in ", ini, "--dataset", Text("# nothing"));
        Fails(ExitCode.Failure, "Expected at least 10 rows, got 1.", ini, "--dataset", Text("1 2 3"));

        string Text(string text)
        {
            File.WriteAllText(missing + "x", text);
            return missing + "x";
        }

        static void Fails(int code, string sentence, params string[] words)
        {
            var (found, _, error) = MbankRun.Run(["train-flow", .. words]);
            Assert.That(found, Is.EqualTo(code), error);
            Assert.That(error, Does.Contain(sentence));
            Assert.That(error.TrimEnd(), Does.Not.Contain("\n"));
        }
    }

    [Test]
    public void Every_flag_of_the_help_is_a_key_of_the_ini_file()
    {
        using var folder = new TemporaryFolder();
        var help = MbankRun.Succeed("train-flow", "--help");
        string[] flags = [.. help.Split('\n').Select(line => line.TrimStart()).Where(line => line.StartsWith("--", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];
        Assert.That(flags, Has.Length.GreaterThanOrEqualTo(24));
        foreach (var flag in flags)
        {
            // A key that is not known says so; one that is complains of what stands behind it, or takes it.
            File.WriteAllText(folder.File("run.ini"), $"[run]\n{flag[2..]}: @\ndataset: none.dat\n");
            Assert.That(MbankRun.Run("train-flow", folder.File("run.ini")).Error, Does.Not.Contain("Expected a key"), flag);
        }
    }

    // A correlated normal distribution whose logarithm lacks its constant, a row with a number that is none and one far outside.
    internal static TemporaryFolder Prepared(int rows)
    {
        var folder = new TemporaryFolder();
        var x = new double[2 * rows];
        new RandomStream(5).FillNormal<double>(x);
        Directory.CreateDirectory(folder.File("data"));
        using (var writer = new StreamWriter(Path.Combine(folder.File("data"), "rows.dat")))
        {
            writer.WriteLine("# x y w");
            writer.WriteLine("nan 0 0");
            writer.WriteLine("100 0 -50");
            for (var i = 0; i < rows; i++)
            {
                var (a, b) = (x[2 * i], x[(2 * i) + 1]);
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{a + 0.5:r} {a + (0.5 * b):r} {-0.5 * ((a * a) + (b * b)):r}"));
            }
        }

        File.WriteAllText(folder.File("run.ini"), Settings);
        return folder;
    }

    private static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];
}
