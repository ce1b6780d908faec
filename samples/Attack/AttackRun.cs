using System.Diagnostics;
using System.Globalization;

namespace Attack;

/// <summary>The whole attack: every part in turn until the time is over, then a table.</summary>
internal static class AttackRun
{
    private const int MutantsAtOnce = 20;
    private static readonly string[] _moments = ["random", "temporary", "checkpoint", "model"];

    /// <summary>Runs it.</summary>
    /// <param name="options">The command line.</param>
    /// <returns>0 where every promise held, else 1.</returns>
    public static int Run(AttackOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("flowcore-attack-").FullName;
        var rows = new List<AttackRow>();
        var started = Stopwatch.GetTimestamp();
        try
        {
            // Half of the time for files and half for processes: whatever the machine, each part comes to its turn.
            Files(options, Path.Combine(folder, "files"), rows, () => Stopwatch.GetElapsedTime(started).TotalMinutes > options.Minutes / 2.0);
            Processes(options, folder, rows, () => Stopwatch.GetElapsedTime(started).TotalMinutes > options.Minutes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Print(rows, Stopwatch.GetElapsedTime(started));
        return rows.Any(row => row.Failures > 0) ? 1 : 0;
    }

    private static void Files(AttackOptions options, string folder, List<AttackRow> rows, Func<bool> isOver)
    {
        Directory.CreateDirectory(folder);
        var attack = new FileAttack(folder);
        var strategies = Enum.GetValues<MutationStrategy>();
        var cells = new List<(Specimen Kind, MutationStrategy Strategy, AttackRow Row)>();
        foreach (var kind in attack.Kinds)
        {
            foreach (var strategy in strategies)
            {
                var row = new AttackRow("files", $"{kind.Kind}: {strategy}");
                rows.Add(row);
                cells.Add((kind, strategy, row));
            }
        }

        var done = 0;
        for (var round = 0; done < options.Mutants && !isOver(); round++)
        {
            foreach ((var kind, var strategy, var row) in cells)
            {
                attack.Run(kind, strategy, unchecked((options.Seed * 1_000_003) + round), MutantsAtOnce, row);
                done += MutantsAtOnce;
            }
        }
    }

    private static void Processes(AttackOptions options, string folder, List<AttackRow> rows, Func<bool> isOver)
    {
        var random = new Random(options.Seed);
        var work = new TrainingFolder(Path.Combine(folder, "work"));
        var kills = new KillAttack(folder);
        AttackRow Row(string part, string name)
        {
            var row = new AttackRow(part, name);
            rows.Add(row);
            return row;
        }

        for (var i = 0; i < StreamAttack.Cases.Count; i++)
            StreamAttack.Run(work, i, Row("streams", StreamAttack.Cases[i].Name));
        foreach ((var name, var number) in SignalAttack.Signals)
        {
            var row = Row("signals", name);
            for (var i = 0; i < 3; i++)
                SignalAttack.Run(work, number, random, row);
        }

        foreach (var culture in CultureAttack.Cultures)
            CultureAttack.Run(work, culture, Row("cultures", culture));
        var disks = Row("disks", "tmpfs that runs full");
        for (var kilobytes = 16; kilobytes <= 112; kilobytes += 4)
            DiskAttack.Run(Path.Combine(folder, "disk"), kilobytes, kills.OldModel, disks);
        var races = Row("races", "three trainings of one model");
        for (var i = 0; i < 5; i++)
            RaceAttack.Train(work, kills.Whole, races);
        var writers = Row("races", "eight writers and readers of one file");
        Directory.CreateDirectory(Path.Combine(folder, "race"));
        for (var i = 0; i < 200; i++)
            RaceAttack.Write(Path.Combine(folder, "race", "a.npy"), i, writers);
        var cells = _moments.Select(moment => (Moment: moment, Row: Row("kills", $"{moment}"))).ToArray();
        for (var i = 0; i < options.Kills && !isOver(); i++)
            kills.Run(random, cells[i % cells.Length].Moment, cells[i % cells.Length].Row);
    }

    private static void Print(List<AttackRow> rows, TimeSpan time)
    {
        Console.WriteLine("| part | attack | tries | refused or hit | promises broken |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        foreach (var row in rows)
            Console.WriteLine($"| {row.Part} | {row.Name} | {row.Tries} | {row.Refused} | {row.Failures} |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rows.Sum(row => row.Tries)} tries, {rows.Sum(row => row.Failures)} promises broken, {time.TotalMinutes:F1} min."));
        foreach (var row in rows)
        {
            foreach (var example in row.Examples)
                Console.WriteLine($"BROKEN, {row.Part}, {row.Name}: {example}");
        }
    }
}
