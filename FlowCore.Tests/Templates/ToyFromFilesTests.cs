using CommandLine.Exchange;
using FlowCore.Factorizable;
using FlowCore.Tests.Cli;
using FlowCore.Tests.Packaging;
using NUnit.Framework;
using Responses;

namespace FlowCore.Tests.Templates;

/// <summary>fit-response on the study's toy in Parquet files, beside the study's own models.</summary>
[TestFixture]
internal sealed class ToyFromFilesTests
{
    private string _folder = "";

    [SetUp]
    public void Create_a_folder() => _folder = Directory.CreateTempSubdirectory("flowcore-toy-").FullName;

    [TearDown]
    public void Remove_it() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_kinematic_response_closes_from_a_few_rows_on_the_studys_base()
    {
        var output = Fit(ToyProblem.Kinematic, nominalRows: 2000, rows: 2000, ["--epochs", "6"], out var text);
        Assert.That(text, Does.Contain("shift·squeeze"));
        using var model = (FactorizableFlow<float>)ModelReader.Open(output);
        foreach (var point in (double[][])[[1, 0], [0, -1], [1, 1], [0.7, -0.7]])
        {
            // Of 1,600 rows each a twentieth of what there was is left; of 100,000 a thousandth.
            var moved = Closure.Of(ToyProblem.Kinematic, point, model, [0, 0], 20_000).Kl;
            var left = Closure.Of(ToyProblem.Kinematic, point, model, point, 20_000);
            Assert.That(left.Kl, Is.LessThan((0.05 * moved) + (3 * left.Error) + 0.002), string.Join(", ", point));
        }

        Assert.That(File.ReadAllText(Path.ChangeExtension(output, ".html")), Does.Contain("Response curves").And.Contain("<svg"));
    }

    private static string RepositoryFile(string path) => Path.Combine(Repository.Root, path);

    private string Fit(ToyProblem problem, int nominalRows, int rows, string[] more, out string text)
    {
        var (nominal, templates) = problem.Write(_folder, nominalRows, rows);
        var output = Path.Combine(_folder, "response.safetensors");
        string[] words =
        [
            "fit-response", "--nominal", nominal, "--base", RepositoryFile(problem.ShippedBase), .. templates.SelectMany(template => (string[])["--template", template]),
            "--columns", string.Join(',', problem.Columns), "--context", string.Join(',', problem.Context), "--nuisances", string.Join(',', problem.Nuisances), "-o", output, .. more,
        ];
        var (code, said, error) = CliRun.Run(words);
        Assert.That(code, Is.Zero, error);
        text = said + error;
        return output;
    }
}
