using System.Text;
using FlowCore.IO;

namespace Tables.Csv;

/// <summary>The first lines of a text file: whether it is text, and what separates its fields.</summary>
internal sealed class CsvHead
{
    private const int HeadLength = 1 << 16;
    private const int MostLines = 20;

    private static readonly char[] _candidates = [',', ';', '\t', '|'];

    private readonly string _name;
    private readonly List<string> _lines;

    private CsvHead(string name, List<string> lines)
    {
        _name = name;
        _lines = lines;
    }

    /// <summary>Reads the head.</summary>
    /// <exception cref="TableException">It is no text in UTF-8.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvHead Read(TableSpecification specification)
    {
        var bytes = new byte[HeadLength];
        using var file = InputFile.Open(specification.Path);
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> head = bytes.AsSpan(0, length);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new TableException(specification.Text, "Expected text in UTF-8, got UTF-16: save it as UTF-8.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            throw new TableException(specification.Text, "Expected text, got a compressed file: unpack it first.");
        if (head.Contains((byte)0))
            throw new TableException(specification.Text, "Expected text, got null characters among the first bytes: this is no text file, or one in UTF-16.");
        head = head.StartsWith(Encoding.UTF8.Preamble) ? head[3..] : head;
        return new CsvHead(specification.Text, Lines(Encoding.Latin1.GetString(head), length < bytes.Length));
    }

    /// <summary>The delimiter in words.</summary>
    public static string NameOf(char delimiter) => delimiter switch
    {
        '\t' => "tabs",
        ' ' => "spaces",
        _ => $"'{delimiter}'",
    };

    /// <summary>What separates the fields: the one character that every line has as often as the first, outside quotes.</summary>
    /// <param name="isTabbed">Whether the extension says tabs.</param>
    /// <exception cref="TableException">Several could be it.</exception>
    public char Delimiter(bool isTabbed)
    {
        if (_lines.Count == 0 || (isTabbed && Count(_lines[0], '\t') > 0))
            return isTabbed ? '\t' : ',';
        var even = Array.FindAll(_candidates, candidate => Count(_lines[0], candidate) > 0 && _lines.TrueForAll(line => Count(line, candidate) == Count(_lines[0], candidate)));
        var there = even.Length > 0 ? even : Array.FindAll(_candidates, candidate => Count(_lines[0], candidate) > 0);
        return there.Length switch
        {
            1 => there[0],
            0 when LooksSpaced() => throw new TableException(_name, "Expected fields separated by ',', ';', '|' or tabs, got lines of words between spaces: --delimiter \" \" says that."),
            0 => isTabbed ? '\t' : ',',
            _ => throw new TableException(_name, $"Expected one character that can separate the fields, both {NameOf(there[0])} and {NameOf(there[1])} can: --delimiter says which."),
        };
    }

    private bool LooksSpaced()
    {
        var words = Words(_lines[^1]);
        return words.Length > 1 && Array.TrueForAll(words, word => CsvNumber.TryParse(word, out _));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Count(string line, char candidate)
    {
        var (count, isQuoted) = (0, false);
        foreach (var c in line)
        {
            isQuoted ^= c == '"';
            count += c == candidate && !isQuoted ? 1 : 0;
        }

        return count;
    }

    // A line ends outside quotes; the last one counts where it is known to be whole.
    private static List<string> Lines(string text, bool isAll)
    {
        var lines = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length && lines.Count < MostLines; i++)
        {
            isQuoted ^= text[i] == '"';
            if (isQuoted || text[i] is not ('\n' or '\r'))
                continue;
            if (i > start)
                lines.Add(text[start..i]);
            start = i + 1;
        }

        if ((isAll || lines.Count == 0) && start < text.Length && lines.Count < MostLines)
            lines.Add(text[start..]);
        return lines;
    }
}
