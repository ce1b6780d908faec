using CommandLine;
using FlowCore.IO;
using FlowCore.Tests.IO;
using LognormalFields;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

[TestFixture]
internal sealed class FieldsProgramTests
{
    [Test]
    public void The_program_of_the_page_runs()
    {
        using var output = new StringWriter();
        FirstFields.Run(output);
        Assert.That(output.ToString(), Does.Match(@"^P\(3\) .*\n.*r\(3\) with the truth: Wiener 0\.\d{3}, flow 0\.\d{3}"));
    }

    [Test]
    public void A_flow_is_trained_and_resumed_validated_and_asked_to_denoise()
    {
        using var folder = new TemporaryFolder();
        var config = folder.File("small.json");
        File.WriteAllText(config, Config("\"epochs\": 2"));
        Assert.That(Run("train", "-c", config, "--threads", "1").Code, Is.Zero);
        var model = folder.File("small.safetensors");
        var bytes = File.ReadAllBytes(model);
        Assert.That(Run("train", "-c", config).Error, Does.Contain("already there"));
        Assert.That(Run("train", "-c", config, "--resume").Output, Does.Contain("complete"));
        Assert.That(Run("train", "-c", config, "--force", "--threads", "2").Code, Is.Zero);
        Assert.That(File.ReadAllBytes(model), Is.EqualTo(bytes), "the same bytes for any number of threads");
        var validated = Run("validate", "-c", config, "--n", "50");
        Assert.That(validated.Output, Does.Contain("independent lognormal pixels").And.Contain("small"));
        Assert.That(Run("denoise", "-c", config, "--n", "3", "--hidden", "0.2").Output, Does.Contain("small: MAP in z"));
        Assert.That(Run("figures", "-c", config, "--n", "20", "-o", folder.File("figures")).Code, Is.Zero);
        Assert.That(Directory.GetFiles(folder.File("figures"), "*.svg"), Has.Length.EqualTo(5));
        Assert.That(Run("generate", "-c", config, "--n", "4", "-o", folder.File("fields.npy")).Code, Is.Zero);
        Assert.That(NpyFile.Read(folder.File("fields.npy")).Shape.ToArray(), Is.EqualTo(new long[] { 4, 8, 8 }));
    }

    [TestCase("\"epochs\": 0", "epochs")]
    [TestCase("\"epochs\": 1, \"rate\": 3", "rate")]
    [TestCase("\"epochs\": \"one\"", "epochs")]
    public void A_config_that_makes_no_sense_is_one_sentence(string epochs, string named)
    {
        using var folder = new TemporaryFolder();
        var config = folder.File("broken.json");
        File.WriteAllText(config, Config(epochs));
        var (code, _, error) = Run("train", "-c", config);
        Assert.That(code, Is.Not.Zero);
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1), error);
        Assert.That(error, Does.Contain(named).And.Not.Contain("   at "));
    }

    private static string Config(string epochs) => $$"""
        { "model": "small.safetensors", "toy": { "side": 8, "sigma": 0.7 }, "flow": { "bins": 8, "couplings": 2, "hidden": [4] },
          "training": { "batch_size": 16, "steps_per_epoch": 3, "learning_rate": 0.001, {{epochs}} } }
        """;

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = FieldsApplication.Run(args, new ConsoleReporter(output, error, isTerminal: false), output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
