using System.Globalization;
using System.Text.RegularExpressions;

namespace Plotting;

/// <summary>Puts figures into one page: identifiers that differ, and one style sheet for all. Not thread-safe.</summary>
public sealed partial class InlineFigures
{
    private const double LeastScale = 0.75;

    private readonly List<string> _rules = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The rules of all figures so far, each once.</summary>
    public string Style => string.Join('\n', _rules);

    /// <summary>The markup of a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="caption">Its description for screen readers.</param>
    /// <returns>An SVG element whose style is in <see cref="Style"/>.</returns>
    public string Add(Figure figure, string caption)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var svg = figure.Describe(caption).ToSvg();
        var style = StyleElement().Match(svg);
        if (style.Success)
        {
            foreach (var rule in style.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (_known.Add(rule))
                    _rules.Add(rule);
            }

            svg = svg.Remove(style.Index, style.Length);
        }

        _count++;
        return Identifier().Replace(Shrinking(svg, figure.Layout().Width), $"f{_count}-");
    }

    // A wide figure gives way to a narrow page down to the size at which its texts can be read, and then scrolls.
    private static string Shrinking(string svg, double width) =>
        svg.Insert("<svg".Length, string.Create(CultureInfo.InvariantCulture, $" style=\"min-width:{LeastScale * width:0}px\""));

    [GeneratedRegex("<style>(.*?)</style>\n?", RegexOptions.Singleline)]
    private static partial Regex StyleElement();

    // Identifiers come from a figure's content, so a figure that is shown twice would have them twice.
    [GeneratedRegex("plt[0-9a-f]{8}")]
    private static partial Regex Identifier();
}
