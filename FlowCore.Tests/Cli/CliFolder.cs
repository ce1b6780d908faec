using System.Globalization;
using System.Text;
using FlowCore.Random;
using FlowCore.Tests.IO;

namespace FlowCore.Tests.Cli;

/// <summary>A folder of small tables, good and bad, and of models that were fitted to them in an instant.</summary>
internal sealed class CliFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CliFolder()
    {
        Write("good.csv", "a,b,c,w", 300, (random, row) => $"{random[0]},{random[0] + random[1]},{random[2]},{row % 3}");
        Write("pair.csv", "a,b", 300, (random, _) => $"{random[0]},{random[1]}");
        Write("other.csv", "p,q", 300, (random, _) => $"{random[0]},{random[1]}");
        Write("constant.csv", "a,b", 300, (random, _) => $"{random[0]},7");
        Write("twins.csv", "a,b", 300, (random, _) => $"{random[0]},{random[0]}");
        Write("negative.csv", "a,w", 300, (random, row) => $"{random[0]},{(row == 9 ? -1 : 1)}");
        Write("weightless.csv", "a,w", 300, (random, _) => $"{random[0]},0");
        Write("few.csv", "a,b", 5, (random, _) => $"{random[0]},{random[1]}");
        Write("text.csv", "a,b", 300, (random, row) => $"{random[0]},{(row == 4 ? "high" : "1")}");
        Write("hole.csv", "a,b", 300, (random, row) => $"{random[0]},{(row == 4 ? "" : random[1])}");
        Write("ragged.csv", "a,b", 300, (random, row) => row == 4 ? "1" : $"{random[0]},{random[1]}");
        File.WriteAllText(this["header.csv"], "a,b\n");
        File.WriteAllText(this["empty.csv"], "");
        File.WriteAllText(this["table.xyz"], "a,b\n1,2\n");
        Directory.CreateDirectory(this["folder.csv"]);
        Directory.CreateDirectory(this["judged"]);
        File.WriteAllText(this["judged/report.html"], "");
        File.WriteAllText(this["drawn.svg"], "");
        CliRun.Run("fit", this["pair.csv"], "-o", this["pair.safetensors"], "--flow", "affine", "--epochs", "1");
        CliRun.Run("fit", this["pair.csv"], "-o", this["single.safetensors"], "--columns", "a", "--flow", "affine", "--epochs", "1");
        CliRun.Run("fit", this["good.csv"], "-o", this["given.safetensors"], "--columns", "a,b", "--context", "c", "--flow", "affine", "--epochs", "1");
    }

    /// <summary>The path of a file.</summary>
    public string this[string name] => _folder.File(name);

    /// <summary>Words and sentences with the folder in place of @.</summary>
    public string In(string text) => text.Replace("@", this["x"][..^1], StringComparison.Ordinal);

    /// <summary>The names of all files and folders, at any depth.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(this["x"])!, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string header, int rows, Func<double[], int, string> row)
    {
        var text = new StringBuilder(header).Append('\n');
        var stream = new RandomStream(5);
        var numbers = new double[3 * rows];
        stream.FillNormal<double>(numbers);
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{row(numbers[(3 * i)..((3 * i) + 3)], i)}\n");
        File.WriteAllText(this[name], text.ToString());
    }
}
