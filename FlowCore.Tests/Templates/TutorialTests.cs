using FlowCore.Tests.Cli;
using FlowCore.Tests.IO;
using FlowCore.Tests.Packaging;
using NUnit.Framework;
using Tables;

namespace FlowCore.Tests.Templates;

/// <summary>docs/tutorial-response.md: its commands run on its files.</summary>
[TestFixture]
internal sealed class TutorialTests
{
    private const string Prompt = "flowcore ";
    private const string DataFolder = "samples/FlowCore.Cli/data/response/";

    [Test]
    public void The_commands_of_the_tutorial_run_in_its_order()
    {
        var commands = Commands();
        Assert.That(commands, Has.Count.GreaterThanOrEqualTo(4));
        using var folder = new TemporaryFolder();
        foreach (var command in commands)
        {
            // Files of the repository where they are, results into the folder; one epoch, for what a command does is not what it takes.
            string[] words = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Placed)];
            if (words[0] == "fit-response")
                words = [.. words, "--epochs", "1"];
            var (code, _, error) = CliRun.Run(words);
            Assert.That(code, Is.Zero, $"{command}: {error}");
        }

        Assert.That(File.Exists(folder.File("response.html")));

        string Placed(string word)
        {
            word = word.Trim('"').Replace(DataFolder, Repository.Path("samples", "FlowCore.Cli", "data", "response") + "/", StringComparison.Ordinal);
            return Path.GetExtension(word) is ".safetensors" or ".html" or ".npy" or ".parquet" && !word.Contains('/', StringComparison.Ordinal) ? folder.File(word) : word;
        }
    }

    [Test]
    public void Its_files_hold_what_their_description_says()
    {
        foreach (var (name, _, _, rows) in TutorialTables.Files)
        {
            using var table = Table.Open(Repository.Path("samples", "FlowCore.Cli", "data", "response", name + ".parquet"));
            Assert.That(table.Columns, Is.EqualTo(TutorialTables.Columns));
            var read = new float[rows * 3];
            using var reader = table.Read();
            Assert.That(reader.Next(read), Is.EqualTo(rows));

            // Elementary functions may differ by a rounding between processors.
            Assert.That(read, Is.EqualTo(TutorialTables.Rows(name)).Within(1e-5).Percent, name);
        }
    }

    [Test]
    public void Files_written_anew_hold_the_rows_of_those_that_are_shipped()
    {
        var folder = Directory.CreateTempSubdirectory("flowcore-tutorial-");
        try
        {
            TutorialTables.Write(folder.FullName);
            foreach (var file in folder.EnumerateFiles("*.parquet"))
            {
                var (written, shipped) = (All(file.FullName), All(Repository.Path("samples", "FlowCore.Cli", "data", "response", file.Name)));
                Assert.That(written, Is.EqualTo(shipped).Within(1e-5).Percent, file.Name);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static float[] All(string path)
        {
            using var table = Table.Open(path);
            var read = new float[table.RowCount * table.Columns.Count];
            using var reader = table.Read();
            Assert.That(reader.Next(read), Is.EqualTo(table.RowCount));
            return read;
        }
    }

    // The lines of the document's blocks that begin with the program's name; a backslash goes on in the next line.
    private static List<string> Commands()
    {
        List<string> commands = [];
        var open = "";
        foreach (var line in File.ReadAllLines(Repository.Path("docs", "tutorial-response.md")))
        {
            if (open.Length == 0 && !line.StartsWith(Prompt, StringComparison.Ordinal))
                continue;
            var isOpen = line.EndsWith('\\');
            open += isOpen ? line[..^1] + ' ' : line;
            if (isOpen)
                continue;
            commands.Add(open);
            open = "";
        }

        return commands;
    }
}
