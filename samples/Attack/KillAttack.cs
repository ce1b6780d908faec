using System.Diagnostics;

namespace Attack;

/// <summary>
/// Trainings killed at random moments and at moments that are aimed at: when a temporary file stands there (between its creation, its
/// flush and its rename), when the checkpoint has just been renamed, and when the model has just been. After each kill nothing may be
/// half, and --resume must end in the bytes of a run that nobody killed.
/// </summary>
internal sealed class KillAttack
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(2);

    private readonly TrainingFolder _folder;
    private readonly TrainingFolder _other;
    private readonly byte[] _whole;
    private readonly byte[] _old;
    private readonly byte[] _oldHistory;
    private readonly TimeSpan _duration;

    /// <summary>Trains once undisturbed, and another model to be replaced.</summary>
    /// <param name="folder">A folder to work in.</param>
    public KillAttack(string folder)
    {
        _folder = new TrainingFolder(Path.Combine(folder, "killed"));
        _other = new TrainingFolder(Path.Combine(folder, "old"));
        Require(_other.Command("--seed", "11"));
        _old = File.ReadAllBytes(_other.Model);
        _oldHistory = File.ReadAllBytes(_other.History);
        var started = Stopwatch.GetTimestamp();
        Require(_folder.Command());
        _duration = Stopwatch.GetElapsedTime(started);
        _whole = File.ReadAllBytes(_folder.Model);
    }

    /// <summary>The file of a complete model, to be replaced.</summary>
    public string OldModel => _other.Model;

    /// <summary>The model of a run that nobody kills.</summary>
    public byte[] Whole => _whole;

    /// <summary>Kills one training, and resumes it until it is complete.</summary>
    /// <param name="random">The moments.</param>
    /// <param name="moment">"random", "temporary", "checkpoint" or "model".</param>
    /// <param name="row">Counts it.</param>
    public void Run(Random random, string moment, AttackRow row)
    {
        var replaces = random.Next(2) == 0;
        _folder.Clear();
        if (replaces)
            _folder.Take(_other);
        var hit = Kill(random, moment, replaces ? ["--force"] : []);
        var problem = _folder.ProblemAfterKill(replaces ? _old : null, replaces ? _oldHistory : null, _whole);

        // Where the run had not begun, the old model is complete and --resume says so.
        var begun = File.Exists(_folder.Checkpoint) || !replaces || File.ReadAllBytes(_folder.Model).AsSpan().SequenceEqual(_whole);
        if (begun && random.Next(2) == 0)
            Kill(random, "random", ["--resume"]);
        var (code, _, error) = StudyProcess.Run(_folder.Command("--resume"));
        problem ??= code != 0 ? $"--resume ended with {code}: {error.TrimEnd()}"
            : _folder.ProblemAtTheEnd(begun ? _whole : _old);
        row.Count(hit, problem is null ? null : $"{(replaces ? "--force" : "fresh")}: {problem}");
    }

    // Returns whether the process was still alive.
    private bool Kill(Random random, string moment, string[] flags)
    {
        using var process = StudyProcess.Start(_folder.Command(flags));
        var started = Stopwatch.GetTimestamp();
        var longest = moment == "random" ? _duration * random.NextDouble() : _longest;
        var skip = random.Next(8);
        var seen = "";
        while (!process.IsOver && Stopwatch.GetElapsedTime(started) < longest)
        {
            var now = moment switch
            {
                "temporary" => Directory.EnumerateFiles(_folder.Root, ".kin.*.tmp").FirstOrDefault() ?? "",
                "checkpoint" => File.GetLastWriteTimeUtc(_folder.Checkpoint).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "model" => File.Exists(_folder.Model) && File.GetLastWriteTimeUtc(_folder.Model) > DateTime.UtcNow - Stopwatch.GetElapsedTime(started) ? "new" : "",
                _ => "",
            };
            if (now.Length > 0 && now != seen)
            {
                seen = now;
                if (moment == "model" || skip-- == 0)
                    break;
            }

            if (moment == "random")
                Thread.Sleep(1);
        }

        var alive = !process.IsOver;
        process.Kill();
        return alive;
    }

    private static void Require(string[] command)
    {
        var (code, _, error) = StudyProcess.Run(command);
        if (code != 0)
            throw new InvalidOperationException($"The undisturbed run ended with {code}: {error}");
    }
}
