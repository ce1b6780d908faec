using System.Text;

namespace Plotting;

/// <summary>
/// A label with sub- and superscripts and Greek letters, laid out with built-in font metrics.
/// </summary>
/// <remarks>
/// Markup: <c>_x</c> or <c>_{…}</c> lowers, <c>^x</c> or <c>^{…}</c> raises (both after one another stand above each other), <c>\nu</c> and the
/// other Greek names give letters, <c>\times \cdot \pm \minus \approx \leq \geq \infty \to \partial \sum \int \sqrt \prime \langle \rangle \neq
/// \propto \mid</c> give signs, <c>$…$</c> sets single Latin letters and lower-case Greek in italics
/// and hyphens as minus signs, and a backslash before any other
/// character that is no letter gives that character. A control sequence swallows one space that follows it. Immutable.
/// </remarks>
public sealed class MathText
{
    private const double ScriptSize = 0.74;

    // Name and sign in turn.
    private static readonly Dictionary<string, string> _symbols = (
        "alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ "
        + "upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω "
        + "times × cdot · pm ± minus − approx ≈ leq ≤ geq ≥ neq ≠ infty ∞ to → partial ∂ sum ∑ int ∫ sqrt √ prime ′ langle ⟨ rangle ⟩ propto ∝ mid |")
        .Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private readonly List<TextRun> _runs = [];
    private readonly bool _bold;

    private MathText(double size, bool bold)
    {
        Size = size;
        _bold = bold;
    }

    /// <summary>Font size in pixels.</summary>
    public double Size { get; }

    /// <summary>Width in pixels.</summary>
    public double Width { get; private set; }

    /// <summary>Height above the baseline in pixels.</summary>
    public double Ascent { get; private set; }

    /// <summary>Depth below the baseline in pixels.</summary>
    public double Descent { get; private set; }

    /// <summary>The characters alone, without the markup.</summary>
    public string PlainText => string.Concat(_runs.Select(r => r.Text));

    internal IReadOnlyList<TextRun> Runs => _runs;

    internal bool Bold => _bold;

    /// <summary>Reads a label.</summary>
    /// <param name="markup">The markup; see the remarks of the class.</param>
    /// <param name="size">Font size in pixels, 1 to 200.</param>
    /// <param name="bold">Whether to set it in bold.</param>
    /// <returns>The label, laid out.</returns>
    /// <exception cref="ArgumentException">A brace or dollar sign has no partner, or a control sequence is unknown.</exception>
    public static MathText Parse(string markup, double size, bool bold = false)
    {
        ArgumentNullException.ThrowIfNull(markup);
        if (!(size is >= 1 and <= 200))
            throw new ArgumentOutOfRangeException(nameof(size), size, "A font size must be 1 to 200 pixels.");
        var text = new MathText(size, bold) { Ascent = FontMetrics.Ascent * size, Descent = FontMetrics.Descent * size };
        var position = 0;
        var math = false;
        text.Width = text.ParseGroup(markup, ref position, size, 0, 0, ref math, nested: false);
        if (math)
            throw new ArgumentException($"The label \"{markup}\" has a dollar sign without its partner.", nameof(markup));
        return text;
    }

    /// <summary>Makes any string a label that shows exactly its characters.</summary>
    /// <param name="text">The characters.</param>
    /// <returns>Markup.</returns>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is '\\' or '_' or '^' or '{' or '}' or '$')
                result.Append('\\');
            result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>Breaks a label at its spaces into lines no wider than asked; a single word that is still too wide is set smaller.</summary>
    internal static List<MathText> Wrap(string markup, double size, double maxWidth, bool bold = false)
    {
        var whole = Parse(markup, size, bold);
        if (whole.Width <= maxWidth)
            return [whole];
        var words = SplitWords(markup);
        var lines = new List<MathText>();
        var current = "";
        foreach (var word in words)
        {
            var candidate = current.Length == 0 ? word : current + " " + word;
            if (current.Length > 0 && Parse(candidate, size, bold).Width > maxWidth)
            {
                lines.Add(Fit(current, size, maxWidth, bold));
                current = word;
            }
            else
            {
                current = candidate;
            }
        }
        lines.Add(Fit(current, size, maxWidth, bold));
        return lines;
    }

    private static MathText Fit(string markup, double size, double maxWidth, bool bold)
    {
        var text = Parse(markup, size, bold);
        return text.Width <= maxWidth ? text : Parse(markup, Math.Max(1, size * maxWidth / text.Width), bold);
    }

    private static List<string> SplitWords(string markup)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var depth = 0;
        var math = false;
        for (var i = 0; i < markup.Length; i++)
        {
            var c = markup[i];
            if (c == '\\' && i + 1 < markup.Length)
            {
                // A space right after a control word belongs to it.
                word.Append(c).Append(markup[++i]);
                var letters = char.IsAsciiLetter(markup[i]);
                while (letters && i + 1 < markup.Length && char.IsAsciiLetter(markup[i + 1]))
                    word.Append(markup[++i]);
                if (letters && i + 1 < markup.Length && markup[i + 1] == ' ')
                    word.Append(markup[++i]);
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            math ^= c == '$';
            if (c == ' ' && depth == 0 && !math)
            {
                if (word.Length > 0)
                    words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }
        if (word.Length > 0 || words.Count == 0)
            words.Add(word.ToString());
        return words;
    }

    private double ParseGroup(string s, ref int i, double size, double rise, double left, ref bool math, bool nested)
    {
        var pending = new StringBuilder();
        var pendingItalic = false;
        var x = left;

        void Flush()
        {
            if (pending.Length == 0)
                return;
            var run = pending.ToString();
            pending.Clear();
            _runs.Add(new TextRun(run, size, rise, x, pendingItalic));
            x += FontMetrics.Width(run, size, _bold);
            Ascent = Math.Max(Ascent, rise + FontMetrics.Ascent * size);
            Descent = Math.Max(Descent, FontMetrics.Descent * size - rise);
        }

        void Add(string text, bool italic)
        {
            if (italic != pendingItalic)
                Flush();
            pendingItalic = italic;
            pending.Append(text);
        }

        while (i < s.Length)
        {
            var c = s[i];
            if (c == '}')
            {
                if (!nested)
                    throw new ArgumentException($"The label \"{s}\" has a closing brace without its partner.", nameof(s));
                i++;
                Flush();
                return x;
            }
            if (c == '{')
            {
                i++;
                Flush();
                x = ParseGroup(s, ref i, size, rise, x, ref math, nested: true);
            }
            else if (c is '_' or '^')
            {
                Flush();
                double start = x, end = x;
                bool sub = false, sup = false;
                while (i < s.Length && ((s[i] == '_' && !sub) || (s[i] == '^' && !sup)))
                {
                    var raised = s[i] == '^';
                    (sub, sup) = (sub || !raised, sup || raised);
                    i++;
                    end = Math.Max(end, ParseScript(s, ref i, size * ScriptSize, rise + (raised ? 0.4 : -0.2) * size, start, ref math));
                }
                x = end;
            }
            else if (c == '$')
            {
                math = !math;
                i++;
            }
            else
            {
                var inMath = math;
                var symbol = NextSymbol(s, ref i);
                var letter = symbol.Length == 1 && (char.IsAsciiLetter(symbol[0]) || symbol[0] is >= 'α' and <= 'ω');
                var partOfWord = letter && c != '\\' && ((i < s.Length && char.IsAsciiLetter(s[i])) || (pending.Length > 0 && !pendingItalic && char.IsAsciiLetter(pending[^1])));
                Add(inMath && symbol == "-" ? "−" : symbol, inMath && letter && !partOfWord);
            }
        }
        if (nested)
            throw new ArgumentException($"The label \"{s}\" has an opening brace without its partner.", nameof(s));
        Flush();
        return x;
    }

    private double ParseScript(string s, ref int i, double size, double rise, double left, ref bool math)
    {
        if (i >= s.Length)
            throw new ArgumentException($"The label \"{s}\" ends where a sub- or superscript should follow.", nameof(s));
        if (s[i] == '{')
        {
            i++;
            return ParseGroup(s, ref i, size, rise, left, ref math, nested: true);
        }
        var inMath = math;
        var symbol = NextSymbol(s, ref i);
        var italic = inMath && symbol.Length == 1 && (char.IsAsciiLetter(symbol[0]) || symbol[0] is >= 'α' and <= 'ω');
        _runs.Add(new TextRun(symbol, size, rise, left, italic));
        Ascent = Math.Max(Ascent, rise + FontMetrics.Ascent * size);
        Descent = Math.Max(Descent, FontMetrics.Descent * size - rise);
        return left + FontMetrics.Width(symbol, size, _bold);
    }

    // One character, or the sign a control sequence stands for.
    private static string NextSymbol(string s, ref int i)
    {
        var c = s[i++];
        if (c != '\\')
        {
            if (char.IsHighSurrogate(c) && i < s.Length && char.IsLowSurrogate(s[i]))
                return s.Substring(i++ - 1, 2);
            // What XML cannot hold is shown as the replacement character.
            return char.IsSurrogate(c) || (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || c >= '\uFFFE' ? "\uFFFD" : c is '\t' or '\n' or '\r' ? " " : c.ToString();
        }
        if (i >= s.Length)
            throw new ArgumentException($"The label \"{s}\" ends in a backslash.", nameof(s));
        if (!char.IsAsciiLetter(s[i]))
            return s[i++].ToString();
        var start = i;
        while (i < s.Length && char.IsAsciiLetter(s[i]))
            i++;
        var name = s[start..i];
        if (!_symbols.TryGetValue(name, out var symbol))
            throw new ArgumentException($"The label \"{s}\" has the unknown control sequence \\{name}.", nameof(s));
        if (i < s.Length && s[i] == ' ')
            i++;
        return symbol;
    }
}
