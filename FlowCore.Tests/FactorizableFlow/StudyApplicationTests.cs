using CommandLine;
using FactorizableFlow.Application;
using FactorizableFlow.Dataset;
using FactorizableFlow.Generator;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class StudyApplicationTests
{
    private const string Config = """
        paths: {dataset: data/toy.npz}
        n_events: 70000
        generator:
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
          y_shift_scale: 0.3
          variation_shift: 1
          sigmoid_y: false
        """;

    private string _folder = "";

    private string ConfigFile => Path.Combine(_folder, "dataset.yaml");

    private string DataFile => Path.Combine(_folder, "data", "toy.npz");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("flowcore-study-").FullName;
        File.WriteAllText(ConfigFile, Config);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Generate_dataset_makes_the_folder_and_writes_the_events_of_seed_and_config()
    {
        (var code, var output, var error) = Run("generate-dataset", "-c", ConfigFile, "--seed", "7");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(error, Is.Empty);
            Assert.That(output, Does.Contain(DataFile).And.Contains("70000 events").And.Contains("seed 7"));
        });

        var data = ToyDataset.Load(DataFile);
        var settings = GeneratorSettings.Study with { YSqueezeScale = 0, VariationShift = 1 };
        float[] x = new float[140_000], y = new float[140_000];
        var labels = new int[70_000];
        new ToyGenerator(settings).Generate<float>(new(7), 0, 70_000, x, y, labels);
        Assert.Multiple(() =>
        {
            Assert.That(data.X, Is.EqualTo(x));
            Assert.That(data.Y, Is.EqualTo(y));
            Assert.That(data.Labels, Is.EqualTo(labels));
            Assert.That(data.Nuisances, Is.EqualTo(new[] { 1.0, 0, 0 }));
            Assert.That(data.Seed, Is.EqualTo(7));
        });
    }

    [Test]
    public void The_number_of_threads_changes_no_byte_of_a_data_set()
    {
        Run("generate-dataset", "-c", ConfigFile, "--threads", "1");
        var one = File.ReadAllBytes(DataFile);
        Assert.That(Run("generate-dataset", "-c", ConfigFile, "--threads", "3", "--force").Code, Is.Zero);
        Assert.That(File.ReadAllBytes(DataFile), Is.EqualTo(one));
    }

    [Test]
    public void A_data_set_that_is_there_is_kept_unless_forced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DataFile)!);
        File.WriteAllText(DataFile, "precious");
        (var code, _, var error) = Run("generate-dataset", "-c", ConfigFile);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Failure));
            Assert.That(error, Does.Contain(DataFile).And.Contains("--force"));
            Assert.That(File.ReadAllText(DataFile), Is.EqualTo("precious"));
        });
    }

    [Test]
    public void A_path_of_another_kind_becomes_npz_and_the_user_is_told()
    {
        File.WriteAllText(ConfigFile, Config.Replace("toy.npz", "toy.pt", StringComparison.Ordinal));
        (var code, _, var error) = Run("generate-dataset", "-c", ConfigFile);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(error, Does.StartWith("Warning: ").And.Contains("toy.pt"));
            Assert.That(File.Exists(DataFile));
        });
    }

    [Test]
    public void A_cancelled_run_leaves_no_file_and_says_so_by_its_code()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        (var code, _, var error) = Run(["generate-dataset", "-c", ConfigFile], cancelled.Token);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Cancelled));
            Assert.That(error.Trim(), Is.EqualTo("Stopped."));
            Assert.That(File.Exists(DataFile), Is.False);
        });
    }

    [TestCase("Unknown verb 'generate-datset'; did you mean 'generate-dataset'?", "generate-datset")]
    [TestCase("Unknown verb 'generate_dataset'; did you mean 'generate-dataset'?", "generate_dataset")]
    [TestCase("Unknown flag '--sed'; did you mean '--seed'?", "generate-dataset", "-c", "x.yaml", "--sed", "3")]
    [TestCase("--seed must be a whole number from 0 to 18446744073709551615, but it is '-3'.", "generate-dataset", "-c", "x.yaml", "--seed", "-3")]
    [TestCase("--threads must be a whole number from 0 to 4096, but it is 'two'.", "generate-dataset", "-c", "x.yaml", "--threads", "two")]
    [TestCase("Option '--cfg' is required.", "generate-dataset")]
    public void A_command_line_that_means_nothing_gets_one_sentence_and_code_2(string sentence, params string[] args)
    {
        (var code, var output, var error) = Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Usage));
            Assert.That(error.Trim(), Is.EqualTo(sentence));
            Assert.That(output, Is.Empty);
        });
    }

    [Test]
    public void A_wrong_config_gets_one_sentence_and_code_1()
    {
        File.WriteAllText(ConfigFile, Config.Replace("n_events", "nevents", StringComparison.Ordinal));
        (var code, _, var error) = Run("generate-dataset", "-c", ConfigFile);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Failure));
            Assert.That(error.Trim(), Is.EqualTo($"{ConfigFile}, line 2: unknown key 'nevents'; did you mean 'n_events'?"));
        });
    }

    [Test]
    public void More_events_than_an_array_holds_are_refused_before_memory_is_taken()
    {
        File.WriteAllText(ConfigFile, Config.Replace("70000", "200000000000", StringComparison.Ordinal));
        (var code, _, var error) = Run("generate-dataset", "-c", ConfigFile);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Failure));
            Assert.That(error, Does.Contain("'n_events' must be at most 134217728, but it is 200000000000."));
        });
    }

    [TestCase]
    [TestCase("--help")]
    [TestCase("generate-dataset", "--help")]
    public void Help_goes_to_the_output(params string[] args)
    {
        (var code, var output, var error) = Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("generate-dataset"));
            Assert.That(error, Is.Empty);
            Assert.That(code, Is.EqualTo(args.Length == 0 ? ExitCode.Usage : ExitCode.Success));
        });
    }

    [Test]
    public void A_data_set_with_arrays_of_other_shapes_is_refused_by_name()
    {
        var path = Path.Combine(_folder, "bad.npz");
        NpzFile.Write(path, new TensorArchive(
        [
            TensorData.Create<float>("x", [3, 2], new float[6]),
            TensorData.Create<float>("y", [2, 2], new float[4]),
            TensorData.Create<int>("label", [3], new int[3]),
        ]));
        Assert.That(
            () => ToyDataset.Load(path),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("y").And.Message.Contains("[3, 2]"));
    }

    private static (int Code, string Output, string Error) Run(params string[] args) => Run(args, CancellationToken.None);

    private static (int Code, string Output, string Error) Run(string[] args, CancellationToken cancellation)
    {
        using StringWriter output = new(), error = new();
        var reporter = new ConsoleReporter(output, error, isTerminal: false);
        var code = StudyApplication.Run(args, reporter, output, error, cancellation);
        return (code, output.ToString(), error.ToString());
    }
}
