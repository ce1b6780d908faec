using FlowCore.Random;
using Tables;

namespace FlowCore.Tests.Templates;

/// <summary>The tables of docs/tutorial-response.md: a resonance with a scale and a resolution that are not known well.</summary>
internal static class TutorialTables
{
    /// <summary>The files, ν = (jes, jer), and how many rows they have.</summary>
    public static readonly (string Name, double Jes, double Jer, int Rows)[] Files =
    [
        ("nominal", 0, 0, 20_000), ("jes_up", 1, 0, 8_000), ("jes_down", -1, 0, 8_000), ("jer_up", 0, 1, 8_000), ("jer_down", 0, -1, 8_000),
        ("both_up", 1, 1, 8_000), ("both_down", -1, -1, 8_000), ("data", 0.5, -0.5, 4_000),
    ];

    public static readonly string[] Columns = ["mass", "pt", "w"];

    // What a template weighs says its yield: 20,000 at the nominal point, and two percent more for each unit of jes.
    private const double Yield = 20_000;
    private const double YieldOfJes = 0.02;

    /// <summary>The rows of a file.</summary>
    public static float[] Rows(string name)
    {
        var index = Array.FindIndex(Files, file => file.Name == name);
        var (_, jes, jer, count) = Files[index];
        var stream = new RandomStream(4711).Substream((ulong)index);
        var (normal, uniform) = (new double[2 * count], new double[count]);
        stream.Substream(0).FillNormal<double>(normal);
        stream.Substream(1).FillUniform<double>(uniform);
        var rows = new float[3 * count];
        var meanWeight = name == "data" ? 1 : Yield * (1 + (YieldOfJes * jes)) / count;
        for (var i = 0; i < count; i++)
        {
            // A resonance with an upper tail, of a width that jer and, a little, both together change.
            var n = normal[2 * i];
            var mass = (91 * Math.Exp(0.02 * jes)) + (4 * Math.Exp((0.15 * jer) + (0.05 * jes * jer)) * (n + (0.1 * n * n)));
            var pt = Math.Exp(3.6 + (0.02 * (mass - 91)) + (0.35 * normal[(2 * i) + 1]) + (0.05 * jes));
            rows[3 * i] = (float)mass;
            rows[(3 * i) + 1] = (float)pt;
            rows[(3 * i) + 2] = name == "data" ? 1 : (float)(meanWeight * (0.7 + (0.6 * uniform[i])));
        }

        return rows;
    }

    /// <summary>Writes all files.</summary>
    public static void Write(string folder)
    {
        foreach (var (name, _, _, _) in Files)
        {
            using var writer = TableWriter.Create(Path.Combine(folder, name + ".parquet"), Columns, isSingle: true);
            writer.Write(Rows(name));
            writer.Complete();
        }
    }
}
