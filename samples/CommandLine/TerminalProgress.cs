using Spectre.Console;

namespace CommandLine;

/// <summary>Progress as a bar with the time left on a terminal.</summary>
internal sealed class TerminalProgress(ProgressTask task, string description) : IProgressReport
{
    public void Report(long done, string detail = "")
    {
        task.Value = done;
        task.Description = Markup.Escape(detail.Length == 0 ? description : $"{description}, {detail}");
    }
}
