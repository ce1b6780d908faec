using System.Diagnostics;

namespace Attack;

/// <summary>A file system that runs full in the middle of a training; needs the right to mount one.</summary>
internal static class DiskAttack
{
    /// <summary>Trains on a disk of so many bytes; what was there before must be whole afterwards.</summary>
    /// <param name="folder">A folder to mount it on.</param>
    /// <param name="kilobytes">The size of the disk.</param>
    /// <param name="old">A model to be replaced.</param>
    /// <param name="row">Counts it; nothing where no disk can be mounted.</param>
    public static void Run(string folder, int kilobytes, string old, AttackRow row)
    {
        Directory.CreateDirectory(folder);
        if (Shell("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder) != 0)
            return;
        try
        {
            var training = new TrainingFolder(folder);
            var before = File.ReadAllBytes(old);
            File.WriteAllBytes(training.Model, before);
            var (code, _, error) = StudyProcess.Run(training.Command("--force"));
            var whole = code == 0 || File.ReadAllBytes(training.Model).AsSpan().SequenceEqual(before);
            row.Count(code != 0, code is not (0 or 1) ? $"it ended with {code}"
                : !whole ? "the old model is damaged"
                : code == 1 && error.TrimEnd().Contains('\n', StringComparison.Ordinal) ? $"more than one sentence: {error}"
                : Directory.GetFiles(folder, ".*.tmp").Length > 0 ? "a temporary file stayed"
                : null);
        }
        catch (IOException error)
        {
            // The disk is too small even for the config and the old model.
            row.Count(true, error.Message.Contains("space", StringComparison.Ordinal) ? null : error.Message);
        }
        finally
        {
            Shell("umount", folder);
        }
    }

    private static int Shell(params string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
