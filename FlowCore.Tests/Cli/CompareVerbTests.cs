using System.Globalization;
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
        File.WriteAllText(Path.Combine(_folder, "b.csv"), "p,q\n1,2\n3,4\n");
        var different = CliRun.Fail(ExitCode.Failure, "compare", Sample("a.npy", 3, seed: 1), Path.Combine(_folder, "b.csv"), "-o", figure);
        var missing = CliRun.Fail(ExitCode.Failure, "compare", Path.Combine(_folder, "c.npy"), "-o", figure);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(different, Does.Contain("b.csv").And.Contains("no column in common"));
            Assert.That(missing, Does.Contain("c.npy"));
            Assert.That(File.Exists(figure), Is.False);
        }
    }

    [Test]
    public void Columns_that_only_one_sample_has_are_left_out_and_named()
    {
        var (first, second) = (Path.Combine(_folder, "a.csv"), Path.Combine(_folder, "b.csv"));
        File.WriteAllText(first, "a,b,c\n1,2,3\n2,3,5\n4,1,1\n");
        File.WriteAllText(second, "d,b,a\n9,2,1\n9,5,2\n7,1,3\n");
        var (code, output, error) = CliRun.Run("compare", first, second, "-o", Path.Combine(_folder, "pairs.svg"));
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.Contain("compared are the columns that all samples have, a, b; left out: c, d."));
        Assert.That(output, Does.Contain("Kolmogorov-Smirnov of b").And.Not.Contain("of c"));
    }

    [Test]
    public void Weights_make_a_simulated_sample_that_of_the_data()
    {
        // Uniform numbers u with the weight 2u have the density of the root of a uniform number; the data has no weights.
        var (first, second) = (Path.Combine(_folder, "a.csv"), Path.Combine(_folder, "b.csv"));
        var uniform = new double[2000];
        new RandomStream(4).FillUniform<double>(uniform);
        File.WriteAllLines(first, ["x,w", .. uniform.Take(1000).Select(u => FormattableString.Invariant($"{u},{2 * u}"))]);
        File.WriteAllLines(second, ["x", .. uniform.Skip(1000).Select(u => FormattableString.Invariant($"{Math.Sqrt(u)}"))]);
        string[] command = ["compare", first, second, "--columns", "x", "-o", Path.Combine(_folder, "pairs.svg")];
        Assert.That(Corrected(CliRun.Succeed(command)), Is.LessThan(1e-9));
        var output = CliRun.Succeed([.. command, "--weights", "w", "--force"]);

        // Right at any seed but one in a thousand.
        Assert.That(Corrected(output), Is.GreaterThan(1e-3));
        Assert.That(output, Does.Contain("b.csv has no column 'w': its rows count alike.").And.Contain("Kolmogorov-Smirnov weighs the rows"));
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

    private static double Corrected(string output) =>
        double.Parse(output.Split('\n').Single(line => line.Contains("Kolmogorov-Smirnov of x", StringComparison.Ordinal)).Split('|')[^2], CultureInfo.InvariantCulture);

    private string Sample(string name, int variables, ulong seed, int rows = 500)
    {
        var values = new float[rows * variables];
        new RandomStream(seed).FillNormal<float>(values);
        var path = Path.Combine(_folder, name);
        NpyFile.Write<float>(path, [rows, variables], values);
        return path;
    }
}
