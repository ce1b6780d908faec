using System.Text.RegularExpressions;

namespace FlowCore.Tests.Style;

/// <summary>
/// Finds braces around a body of one line. It reads lines as the formatter leaves them, so it needs no parser: a statement's head on
/// one line, then {, one line, and } in the column of the head. The opposite, a body of several lines without braces, is the compiler's to find.
/// </summary>
internal static partial class BraceScan
{
    private enum Body
    {
        /// <summary>One line without braces.</summary>
        Bare,

        /// <summary>One line in braces.</summary>
        Braced,

        /// <summary>Several lines, a comment among them, or nothing.</summary>
        Long,
    }

    /// <summary>The lines, counted from 1, of the statements whose braces should go.</summary>
    /// <param name="lines">A source file.</param>
    public static IEnumerable<int> Offenders(IReadOnlyList<string> lines)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            if (Head(lines, line) is not { } head || head.Word.StartsWith("else", StringComparison.Ordinal))
                continue;
            var branches = Branches(lines, line, head.Indent);
            // Where one branch needs braces, all of them have some.
            if (branches.Exists(branch => branch.Body == Body.Long))
                continue;
            foreach (var branch in branches.Where(branch => branch.Body == Body.Braced))
                yield return branch.Line + 1;
        }
    }

    private static List<(int Line, Body Body)> Branches(IReadOnlyList<string> lines, int line, string indent)
    {
        var branches = new List<(int Line, Body Body)>();
        while (true)
        {
            var (body, next) = Read(lines, line, indent);
            branches.Add((line, body));
            if (next >= lines.Count || !lines[next].StartsWith($"{indent}else", StringComparison.Ordinal))
                return branches;
            if (Head(lines, next) is null)
            {
                // A condition over several lines.
                branches.Add((next, Body.Long));
                return branches;
            }

            line = next;
        }
    }

    private static (Body Body, int Next) Read(IReadOnlyList<string> lines, int line, string indent)
    {
        if (line + 1 >= lines.Count || lines[line + 1] != $"{indent}{{")
            return (Body.Bare, line + 2);
        var end = line + 2;
        while (end < lines.Count && lines[end] != $"{indent}}}")
            end++;
        var statement = lines[line + 2].Trim();
        var isOneLine = end == line + 3 && statement.EndsWith(';') && !statement.StartsWith("//", StringComparison.Ordinal);
        return (isOneLine ? Body.Braced : Body.Long, end + 1);
    }

    // The head of a statement with a body, if it is complete on its line.
    private static (string Indent, string Word)? Head(IReadOnlyList<string> lines, int line)
    {
        var match = StatementHead().Match(lines[line]);
        if (!match.Success)
            return null;
        var code = Quoted().Replace(lines[line], "");
        return code.Count(letter => letter == '(') == code.Count(letter => letter == ')') ? (match.Groups["indent"].Value, match.Groups["word"].Value) : null;
    }

    [GeneratedRegex(@"^(?<indent> *)(?:await )?(?:(?<word>else)|(?<word>if|else if|for|foreach|while|using|lock|fixed) \(.*\))$")]
    private static partial Regex StatementHead();

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'
        """)]
    private static partial Regex Quoted();
}
