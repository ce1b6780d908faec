using CommandLine;
using FlowCore.IO;
using FlowCore.Tests.Cli;
using FlowCore.Tests.FactorizableFlow;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Rows that are finite where they are stored and not where they are computed with.</summary>
[TestFixture]
internal sealed class TooLargeRowTests
{
    private TemporaryFolder _folder = null!;

    private string Model => _folder.File("kin.safetensors");

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        KnownModels.Save(_folder.Path);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void A_finite_number_that_is_too_large_for_float_is_named_and_is_no_NaN(bool allowNan)
    {
        NpyFile.Write(_folder.File("x.npy"), TensorData.Create<double>("x", [3, 2], [0, 0.5, -1, 1e300, 1.5, double.NaN]));
        string[] command = ["log-prob", Model, "--x", _folder.File("x.npy"), "--context", "1,0", "-o", _folder.File("o.npy"), .. allowNan ? (string[])["--allow-nan"] : []];
        var sentence = CliRun.Fail(ExitCode.Failure, command);
        Assert.That(sentence, Does.Contain("x.npy").And.Contains("row 1, column 1 is 1E+300, which is too large for float; use --double"));
        Assert.That(File.Exists(_folder.File("o.npy")), Is.False);

        // In double the row has a density; the last one is not finite itself.
        (var code, _, var error) = CliRun.Run([.. command, "--double", "--force"]);
        if (allowNan)
        {
            Assert.That(code, Is.Zero);
            Assert.That(error, Does.Contain("of 3 log-densities are not finite").And.Contains("1 of them because the row is not"));
        }
        else
        {
            Assert.That(error, Does.Contain("row 2, column 1 is NaN"));
        }
    }

    [Test]
    public void A_number_of_the_command_line_is_looked_at_too() =>
        Assert.That(
            CliRun.Fail(ExitCode.Failure, "sample", Model, "--n", "5", "--context", "1e300,0", "-o", _folder.File("o.npy")),
            Does.Contain("--context 1e300,0").And.Contains("too large for float; use --double").And.Not.Contains("Infinity"));
}
