namespace Attack;

/// <summary>Ctrl-C, a request to terminate and the end of the terminal, in work that saves itself and in work that looks at nothing.</summary>
internal static class SignalAttack
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    /// <summary>The signals by name and number.</summary>
    public static IReadOnlyList<(string Name, int Number)> Signals { get; } = [("SIGINT", 2), ("SIGTERM", 15), ("SIGHUP", 1)];

    /// <summary>Sends one signal to a training, which must keep its epochs, and to a program that waits for its config, which must end.</summary>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="signal">The signal's number.</param>
    /// <param name="random">The moment.</param>
    /// <param name="row">Counts them.</param>
    public static void Run(TrainingFolder folder, int signal, Random random, AttackRow row)
    {
        folder.Clear();
        using (var training = StudyProcess.Start(folder.EndlessCommand()))
        {
            var began = SpinWait.SpinUntil(() => File.Exists(folder.Checkpoint) || training.IsOver, _longest);
            Thread.Sleep(random.Next(1500));
            training.Signal(signal);
            var end = training.Wait(_longest);
            row.Count(end?.Code == 130, !began ? "the training did not begin"
                : end is not { Code: 130 } ? $"a training ended with {end?.Code.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} {end?.Error.TrimEnd()}"
                : !File.Exists(folder.Checkpoint) ? "the state of the training is lost"
                : !end.Value.Error.Contains("--resume", StringComparison.Ordinal) ? $"nothing says how to go on: {end.Value.Error.TrimEnd()}"
                : null);
        }

        var pipe = Path.Combine(folder.Root, "pipe.yaml");
        File.Delete(pipe);
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe))
            make.WaitForExit();
        using var waiting = StudyProcess.Start("train-base-flows", "-c", pipe);
        Thread.Sleep(1500);
        waiting.Signal(signal);
        var stopped = waiting.Wait(_longest);
        row.Count(stopped?.Code == 130, stopped is { Code: 130 } ? null : $"a program that waits for its config ended with {stopped?.Code.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}");
        File.Delete(pipe);
    }
}
