namespace Attack;

/// <summary>Standard output and error on a full disk, closed, or read by nobody: the work is done, or refused, and nothing aborts.</summary>
internal static class StreamAttack
{
    /// <summary>The redirections, and whether output that a program must not lose goes astray by them.</summary>
    public static IReadOnlyList<(string Name, string Redirections, bool LosesOutput)> Cases { get; } =
    [
        ("output on a full disk", "> /dev/full", true), ("error on a full disk", "2> /dev/full", false), ("both on a full disk", "> /dev/full 2> /dev/full", true),
        ("output closed", ">&-", true), ("error closed", "2>&-", false), ("output to a reader who left", "| true", false),
    ];

    /// <summary>Runs a training, a verb whose result is its output, and one that is refused.</summary>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="index">Which case.</param>
    /// <param name="row">Counts them.</param>
    public static void Run(TrainingFolder folder, int index, AttackRow row)
    {
        var (_, redirections, losesOutput) = Cases[index];
        folder.Clear();
        var training = Run(folder.Command(), redirections);
        row.Count(training != 0, training is not (0 or 1) || !File.Exists(folder.Model) || (losesOutput && training == 0)
            ? $"a training ended with {training}, its model is {(File.Exists(folder.Model) ? "" : "not ")}there" : null);
        var inspect = Run(["inspect", folder.Model], redirections);
        row.Count(inspect != 0, inspect is not (0 or 1) || (losesOutput && inspect == 0) ? $"inspect ended with {inspect}" : null);
        var refused = Run(["inspect", folder.Model + ".none"], redirections);

        // What a pipe ends with is its reader's.
        row.Count(refused != 0, refused == 1 || redirections[0] == '|' ? null : $"a refusal ended with {refused}");
    }

    private static int Run(string[] command, string redirections)
    {
        using var process = StudyProcess.Start(redirections, new Dictionary<string, string>(), command);
        return process.Wait(TimeSpan.FromMinutes(2))?.Code ?? -1;
    }
}
