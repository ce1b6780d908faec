using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>A model of whole numbers is one of n + u: what is drawn of it are whole numbers, and data is spread before it is judged.</summary>
[TestFixture]
internal sealed class WholeNumberTests
{
    private const int Rows = 600;

    private TemporaryFolder _folder = null!;

    private string Model => _folder.File("m.safetensors");

    private string Data => _folder.File("counts.csv");

    // Counts that are as often 0 as 1 and 2 as 3, and a normal column: the model of them is a uniform and a normal number.
    [OneTimeSetUp]
    public void Fit_counts()
    {
        _folder = new TemporaryFolder();
        var normal = new float[Rows];
        new RandomStream(3).FillNormal<float>(normal);
        var rows = new float[2 * Rows];
        for (var i = 0; i < Rows; i++)
            (rows[2 * i], rows[(2 * i) + 1]) = (i % 4, normal[i]);
        var options = new DensityFitOptions { Log = null, Supports = [Support.Integers, Support.Real], FeatureNames = ["n", "x"] };
        using var model = Density.Fit<float>(new ReadOnlyTensorSpan<float>(rows, [Rows, 2]), options: options);
        model.Save(Model, """{"columns":["n","x"]}""");
        File.WriteAllLines(Data, ["n,x", .. Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{rows[2 * i]},{rows[(2 * i) + 1]}"))]);
    }

    [OneTimeTearDown]
    public void Remove_the_folder() => _folder.Dispose();

    [Test]
    public void Draws_are_whole_numbers()
    {
        CliRun.Succeed("sample", Model, "--n", "500", "-o", _folder.File("s.csv"));
        var drawn = File.ReadLines(_folder.File("s.csv")).Skip(1).Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).ToList();
        Assert.That(drawn, Has.Count.EqualTo(500).And.All.Matches<double>(n => n == Math.Floor(n)));

        // A quarter each, five times its scatter √(500 · 3/16), and as much for the fit of 150 rows each.
        Assert.That(drawn.Count(n => n == 2), Is.EqualTo(125).Within(85));
    }

    [Test]
    public void Data_is_spread_before_it_is_judged_and_that_is_said()
    {
        var output = CliRun.Succeed("evaluate", Model, Data);
        Assert.That(output, Does.Contain("Whole numbers n of 'n' are spread over [n, n + 1)"));

        // ln 4 of the counts and ½ ln 2πe of the normal column, to the scatter of 600 rows and what the fit of as many costs.
        var mean = double.Parse(output.Split("mean -ln p")[1].Split(['=', ' ', ';', ',', '|', '+'], StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
        Assert.That(mean, Is.EqualTo(Math.Log(4) + (0.5 * Math.Log(2 * Math.PI * Math.E))).Within(0.15));
    }

    [Test]
    public void Data_and_draws_of_a_model_are_both_whole_numbers_where_they_are_compared()
    {
        var output = CliRun.Succeed("compare", Data, "--model", Model, "-o", _folder.File("pairs.svg"));
        var p = double.Parse(output.Split('\n').Single(line => line.Contains("Kolmogorov-Smirnov of n", StringComparison.Ordinal)).Split('|')[2], CultureInfo.InvariantCulture);

        // Draws n + u against counts n differ by a quarter, which has a p below 1e-30.
        Assert.That(p, Is.GreaterThan(1e-4));
    }
}
