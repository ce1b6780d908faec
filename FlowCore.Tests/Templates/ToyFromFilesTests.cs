using CommandLine.Exchange;
using FactorizableFlow.Training;
using FlowCore.Factorizable;
using FlowCore.Tests.Cli;
using FlowCore.Tests.Packaging;
using NUnit.Framework;

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
        var output = Fit(Sector.Kinematic, nominalRows: 2000, rows: 2000, ["--epochs", "6"], out var text);
        Assert.That(text, Does.Contain("shift·squeeze"));
        using var model = (FactorizableFlow<float>)ModelReader.Open(output);
        foreach (var point in ((double, double)[])[(1, 0), (0, -1), (1, 1), (0.7, -0.7)])
        {
            // Of 1,600 rows each a twentieth of what there was is left; of 200,000 a thousandth.
            var moved = ToyTables.Divergence(model, Sector.Kinematic, point, [0, 0], 20_000).Kl;
            var left = ToyTables.Divergence(model, Sector.Kinematic, point, [(float)point.Item1, (float)point.Item2], 20_000);
            Assert.That(left.Kl, Is.LessThan((0.05 * moved) + (3 * left.Error) + 0.002), point.ToString());
        }

        Assert.That(File.ReadAllText(Path.ChangeExtension(output, ".html")), Does.Contain("Response curves").And.Contain("<svg"));
    }

    private static string RepositoryFile(string path) => Path.Combine(Repository.Root, path);

    private string Fit(Sector sector, int nominalRows, int rows, string[] more, out string text)
    {
        var (nominal, templates) = ToyTables.Write(_folder, sector, nominalRows, rows);
        var output = Path.Combine(_folder, "response.safetensors");
        var columns = ToyTables.Columns(sector);
        string[] words =
        [
            "fit-response", "--nominal", nominal, "--base", RepositoryFile($"samples/FactorizableFlow/models/{sector.Name}_density.safetensors"),
            .. templates.SelectMany(template => (string[])["--template", template]),
            "--columns", string.Join(',', columns[..2]), "--context", string.Join(',', columns[2..]), "--nuisances", "shift,squeeze", "-o", output, .. more,
        ];
        var (code, said, error) = CliRun.Run(words);
        Assert.That(code, Is.Zero, error);
        text = said + error;
        return output;
    }
}
