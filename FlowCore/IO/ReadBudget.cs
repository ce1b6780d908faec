namespace FlowCore.IO;

/// <summary>
/// What the reading of one file may take: 64 MiB and sixteen times the file's own size, whatever the file says, in memory and
/// in copied bytes alike, so that work stays linear. Everything that a few bytes of a file can ask for over and over (objects of
/// a pickle, names, views, unpacked data) is counted before it is taken. Not thread-safe.
/// </summary>
/// <param name="file">The file's name for messages.</param>
/// <param name="limit">The most bytes.</param>
internal sealed class ReadBudget(string file, long limit)
{
    private const long Floor = 64L << 20;
    private const long Multiple = 16;

    private readonly long _limit = limit;
    private long _left = limit;

    /// <summary>The bytes that a file of a length may take, where the caller names no limit.</summary>
    public static long Of(long fileLength) => Floor + (Multiple * Math.Clamp(fileLength, 0, (long.MaxValue - Floor) / Multiple));

    /// <summary>Counts bytes that are about to be taken.</summary>
    /// <param name="bytes">How many; at least 0.</param>
    /// <param name="what">What takes them, for the message: "the objects of the pickle".</param>
    /// <param name="tensor">The tensor at fault, or null.</param>
    /// <exception cref="ModelFormatException">There are not so many left.</exception>
    public void Take(long bytes, string what, string? tensor = null)
    {
        if (bytes > _left)
        {
            throw new ModelFormatException(
                file,
                tensor,
                $"Expected contents that take at most {_limit} bytes of memory together, {what} take more: give a larger maximum if that is meant.");
        }

        _left -= bytes;
    }
}
