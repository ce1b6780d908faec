namespace CommandLine;

/// <summary>Takes the progress of one piece of work. Safe from any thread.</summary>
public interface IProgressReport
{
    /// <summary>Tells how far the work is.</summary>
    /// <param name="done">Units done so far, from 0 to the total.</param>
    /// <param name="detail">What to show beside it, such as the current loss; may be empty.</param>
    void Report(long done, string detail = "");
}
