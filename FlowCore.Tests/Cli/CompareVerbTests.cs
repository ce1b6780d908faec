using System.Xml;
using CommandLine;
using FlowCore.IO;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>compare: samples in every pair of variables.</summary>
[TestFixture]
internal sealed class CompareVerbTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("flowcore-compare-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Two_samples_of_the_same_variables_make_one_valid_figure()
    {
        var figure = Path.Combine(_folder, "pairs.svg");
        CliRun.Succeed("compare", Sample("a.npy", 3, seed: 1), Sample("b.npy", 3, seed: 2), "-o", figure);
        var svg = new XmlDocument();
        svg.Load(figure);
        Assert.That(svg.DocumentElement!.LocalName, Is.EqualTo("svg"));
        Assert.That(svg.InnerText, Does.Contain("a.npy").And.Contains("b.npy"));
    }

    [Test]
    public void Samples_of_different_variables_and_missing_files_are_one_sentence_each()
    {
        var figure = Path.Combine(_folder, "pairs.svg");
        var different = CliRun.Fail(ExitCode.Failure, "compare", Sample("a.npy", 3, seed: 1), Sample("b.npy", 2, seed: 2), "-o", figure);
        var missing = CliRun.Fail(ExitCode.Failure, "compare", Path.Combine(_folder, "c.npy"), "-o", figure);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(different, Does.Contain("b.npy").Or.Contains("variables").Or.Contains("columns"));
            Assert.That(missing, Does.Contain("c.npy"));
            Assert.That(File.Exists(figure), Is.False);
        }
    }

    [Test]
    public void Samples_too_small_for_a_test_are_drawn_and_it_is_said()
    {
        var figure = Path.Combine(_folder, "pairs.svg");
        var (code, _, error) = CliRun.Run("compare", Sample("a.npy", 2, seed: 1, rows: 1), Sample("b.npy", 2, seed: 2), "-o", figure);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero);
            Assert.That(error, Does.Contain("is not tested: that takes 2 rows of each, but").And.Contains("has 1 and"));
            Assert.That(File.Exists(figure));
        }
    }

    private string Sample(string name, int variables, ulong seed, int rows = 500)
    {
        var values = new float[rows * variables];
        new RandomStream(seed).FillNormal<float>(values);
        var path = Path.Combine(_folder, name);
        NpyFile.Write<float>(path, [rows, variables], values);
        return path;
    }
}
