using System.Diagnostics;
using System.Runtime.InteropServices;
using CommandLine;

namespace Attack;

/// <summary>The study's program, or flowcore where the verb is its, as a process of its own, to be killed, signalled and cut off from its streams.</summary>
internal sealed class StudyProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private StudyProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether the process is over.</summary>
    public bool IsOver => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="words">The command line.</param>
    public static StudyProcess Start(params IReadOnlyList<string> words) => Start("", new Dictionary<string, string>(), words);

    /// <summary>Starts it by a shell, with redirections and an environment of its own.</summary>
    /// <param name="redirections">What stands behind the command: "&gt; /dev/full"; empty for none.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="words">The command line.</param>
    public static StudyProcess Start(string redirections, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, words[0] is "inspect" or "log-prob" ? "FlowCore.Cli.dll" : "FactorizableFlow.dll"), .. words];
        if (redirections.Length > 0)
        {
            start.FileName = "/bin/sh";
            foreach (var word in (string[])["-c", $"{(redirections[0] == '|' ? "" : "exec ")}\"$@\" {redirections}", "sh", .. command])
                start.ArgumentList.Add(word);
        }
        else
        {
            start.FileName = command[0];
            foreach (var word in command[1..])
                start.ArgumentList.Add(word);
        }

        foreach ((var name, var value) in environment)
            start.Environment[name] = value;
        return new StudyProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="words">The command line.</param>
    public static (int Code, string Output, string Error) Run(params IReadOnlyList<string> words)
    {
        using var process = Start(words);
        return process.Wait(TimeSpan.FromMinutes(5)) ?? (-1, "", "It did not end.");
    }

    /// <summary>Ends it at once, as a crash of the machine would end it.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was over.
        }

        _process.WaitForExit();
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The signal's number.</param>
    public void Signal(int signal) => _ = SendSignal(_process.Id, signal);

    /// <summary>Waits for its end; null where it does not come in time.</summary>
    /// <param name="longest">How long.</param>
    public (int Code, string Output, string Error)? Wait(TimeSpan longest)
    {
        if (!_process.WaitForExit(longest))
            return null;
        return (_process.ExitCode, _output.Result, _error.Result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
