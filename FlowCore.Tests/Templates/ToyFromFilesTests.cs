using System.Globalization;
using CommandLine;
using CommandLine.Exchange;
using FactorizableFlow.Application;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Random;
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
        var output = Fit(Sector.Kinematic, 2000, ["--epochs", "6"], out var text);
        Assert.That(text, Does.Contain("shift·squeeze"));
        using var model = (FactorizableFlow<float>)ModelReader.Open(output);
        foreach (var point in ((double, double)[])[(1, 0), (0, -1), (1, 1), (0.7, -0.7)])
        {
            // Of 1,600 rows each a twentieth of what there was is left; of 200,000 a thousandth.
            var moved = Divergence(model, Sector.Kinematic, point, [0, 0], 20_000).Kl;
            var left = Divergence(model, Sector.Kinematic, point, [(float)point.Item1, (float)point.Item2], 20_000);
            Assert.That(left.Kl, Is.LessThan((0.05 * moved) + (3 * left.Error) + 0.002), point.ToString());
        }

        Assert.That(File.ReadAllText(Path.ChangeExtension(output, ".html")), Does.Contain("Response curves").And.Contain("<svg"));
    }

    // KL(truth ‖ model) in nats and its standard error, on fresh events at one ν and with the model at another.
    private static (double Kl, double Error) Divergence(DensityModel<float> model, Sector sector, (double Shift, double Squeeze) truth, float[] at, int events)
    {
        var generator = new ToyGenerator(GeneratorSettings.Study.At(truth.Shift, truth.Squeeze));
        var x = new float[events * 2];
        var context = new float[events * sector.ContextFeatures];
        sector.Fill(generator, new RandomStream(77), 0, events, x.AsSpan(), context.AsSpan());
        var density = new float[events];
        model.LogDensity(x, new Conditions<float>(context, at), density);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < events; i++)
        {
            var own = context.AsSpan(i * sector.ContextFeatures, sector.ContextFeatures);
            var difference = (sector.IsKinematic
                ? generator.Truth.LogDensityX(x[2 * i], x[(2 * i) + 1], (int)own[1])
                : generator.Truth.LogDensityY(x[2 * i], x[(2 * i) + 1], own[2], own[3], (int)own[1])) - density[i];
            sum += difference;
            squares += difference * difference;
        }

        var mean = sum / events;
        return (mean, Math.Sqrt(((squares / events) - (mean * mean)) / events));
    }

    // The files of the verb, and the command that it prints.
    private string Fit(Sector sector, int rows, string[] more, out string text)
    {
        var config = Path.Combine(Repository.Root, "samples", "FactorizableFlow", "configs", "systematics.yaml");
        using var said = new StringWriter { NewLine = "\n" };
        using var complaint = new StringWriter();
        var made = StudyApplication.Run(
            ["generate-templates", "-c", config, "--out-dir", _folder, "--rows", rows.ToString(CultureInfo.InvariantCulture)],
            new ConsoleReporter(said, complaint, isTerminal: false), said, complaint, CancellationToken.None);
        Assert.That(made, Is.Zero, complaint.ToString());
        var command = said.ToString().Split('\n').Single(line => line.StartsWith("flowcore ", StringComparison.Ordinal) && line.Contains($"{sector.Name}_density", StringComparison.Ordinal));
        string[] words = [.. command.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var (code, output, error) = CliRun.Run([.. words[1..], .. more]);
        Assert.That(code, Is.Zero, error);
        text = output + error;
        return words[^1];
    }
}
