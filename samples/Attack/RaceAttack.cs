using FlowCore.IO;

namespace Attack;

/// <summary>Several at once on one file: one wins, the others are told, and what stands there is whole.</summary>
internal static class RaceAttack
{
    /// <summary>Starts trainings of one model at once.</summary>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="whole">The model that each of them would write.</param>
    /// <param name="row">Counts it.</param>
    public static void Train(TrainingFolder folder, byte[] whole, AttackRow row)
    {
        folder.Clear();
        StudyProcess[] processes = [.. Enumerable.Range(0, 3).Select(_ => StudyProcess.Start(folder.Command()))];
        var ends = Array.ConvertAll(processes, process => process.Wait(TimeSpan.FromMinutes(2)) ?? (-1, "", "it did not end"));
        foreach (var process in processes)
            process.Dispose();
        var winners = ends.Count(end => end.Item1 == 0);
        row.Count(winners < ends.Length, winners != 1 ? $"{winners} of {ends.Length} trainings won: {string.Join(' ', ends.Select(end => end.Item3))}"
            : ends.Any(end => end.Item1 is not (0 or 1)) ? "one ended otherwise"
            : folder.ProblemAtTheEnd(whole));
    }

    /// <summary>Writes one file from several threads at once while others read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">What is written.</param>
    /// <param name="row">Counts it.</param>
    public static void Write(string path, int seed, AttackRow row)
    {
        NpyFile.Write<int>(path, [1000], Filled(seed));
        string? problem = null;
        Parallel.For(0, 8, i =>
        {
            try
            {
                if (i % 2 == 0)
                {
                    NpyFile.Write<int>(path, [1000], Filled(seed + i));
                    return;
                }

                var values = NpyFile.Read(path).ToArray<int>();
                if (values.AsSpan().IndexOfAnyExcept(values[0]) >= 0)
                    problem = "half a file was read";
            }
            catch (Exception error)
            {
                problem = $"{error.GetType().Name}: {error.Message}";
            }
        });
        problem ??= Directory.GetFiles(Path.GetDirectoryName(path)!, ".*.tmp").Length > 0 ? "a temporary file stayed" : null;
        row.Count(refused: false, problem);
    }

    private static int[] Filled(int value)
    {
        var values = new int[1000];
        Array.Fill(values, value);
        return values;
    }
}
