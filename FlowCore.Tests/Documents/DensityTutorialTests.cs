using System.Globalization;
using System.Text.RegularExpressions;
using FlowCore.Tests.IO;
using FlowCore.Tests.Packaging;
using NUnit.Framework;

namespace FlowCore.Tests.Documents;

/// <summary>The commands of the tutorial, in the order of the page, as a reader types them.</summary>
[TestFixture]
internal sealed partial class DensityTutorialTests
{
    [Test]
    public void Every_command_of_the_page_does_what_the_page_says()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Repository.Path("samples", "FlowCore.Cli", "data"), "*.csv"))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        var program = Path.Combine(AppContext.BaseDirectory, "FlowCore.Cli.dll");
        var outputs = new List<(string Command, string Output)>();
        foreach (Match block in Block().Matches(File.ReadAllText(Repository.Path("docs", "tutorial-density.md"))))
        {
            foreach (var line in block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("flowcore ", StringComparison.Ordinal))
                    outputs.Add((line, DotnetCommand.Run(folder.Path, [program, .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)])));
            }
        }

        Assert.That(outputs, Has.Count.GreaterThanOrEqualTo(8));

        // The page has 5.77; other machines round otherwise, and a fit that did nothing with the energy has 7.
        var loss = Number().Match(outputs.First(run => run.Command.StartsWith("flowcore evaluate showers.", StringComparison.Ordinal)).Output);
        Assert.That(double.Parse(loss.Groups[1].ValueSpan, CultureInfo.InvariantCulture), Is.EqualTo(5.77).Within(0.1));

        // The page has one fault, in a histogram; on machines that round otherwise there may be none. No region deviates.
        Assert.That(
            outputs.First(run => run.Command.StartsWith("flowcore diagnose", StringComparison.Ordinal)).Output,
            Does.Match("No fault is seen|The model is wrong: [12] of 18 corrected p-values and 0 regions"));
        foreach (var file in (string[])["showers.safetensors", "diagnosis/report.html", "compare.svg", "model.svg", "draws.csv"])
            Assert.That(File.Exists(folder.File(file)), file);
        Assert.That(File.ReadLines(folder.File("draws.csv")).First(), Is.EqualTo("signal,width,phi"));
        Assert.That(File.ReadLines(folder.File("draws.csv")).Skip(1), Has.All.Not.StartsWith("-"), "the signal is positive");
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"mean -ln p +\| +([0-9.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
