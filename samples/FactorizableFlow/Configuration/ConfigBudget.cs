namespace FactorizableFlow.Configuration;

/// <summary>
/// How many entries the sections and lists of one file may have together, those that merge keys and aliases bring counted each time:
/// a file without any has fewer than characters. Also notes what is being looked at, for errors that nobody expected.
/// </summary>
/// <param name="length">The file's characters.</param>
internal sealed class ConfigBudget(int length)
{
    private const int Free = 1 << 16;

    private long _left = Free + (long)length;

    /// <summary>The line of the value that was asked for last, and its key; 0 before the first.</summary>
    public (long Line, string Key) Last { get; set; }

    /// <summary>Counts entries that are about to be taken; false where there are not so many left.</summary>
    /// <param name="entries">How many.</param>
    public bool TryTake(int entries)
    {
        _left -= entries;
        return _left >= 0;
    }
}
