using System.Net;
using System.Text;

namespace Plotting;

/// <summary>Builds a page from elements; texts are encoded, markup is not. Not thread-safe.</summary>
public sealed class HtmlText
{
    // Tables of more columns are set closer and smaller.
    private const int MostColumns = 8;

    private readonly StringBuilder _text = new();

    /// <summary>A text with what HTML gives a meaning replaced.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Markup that shows it.</returns>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A whole page that needs nothing beside itself.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="body">The markup of its body, with the element.</param>
    /// <param name="figures">The figures in it.</param>
    /// <returns>The document.</returns>
    public static string Document(string title, string body, InlineFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return new HtmlText()
            .Add("<!DOCTYPE html>")
            .Add("<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Element("title", title)
            .Add("<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">")
            .Add($"<style>\n{PageStyle.Css}\n{figures.Style}\n</style></head>")
            .Add(body + "</html>")
            .ToString();
    }

    /// <summary>Adds markup and a line break.</summary>
    /// <param name="markup">The markup.</param>
    /// <returns>This text.</returns>
    public HtmlText Add(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>Adds an element with a text.</summary>
    /// <param name="tag">Tag and attributes: "p class=\"lead\"".</param>
    /// <param name="text">The text.</param>
    /// <returns>This text.</returns>
    public HtmlText Element(string tag, string text)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return Add($"<{tag}>{Encode(text)}</{tag.Split(' ')[0]}>");
    }

    /// <summary>Adds a table that scrolls by itself. The first cell of a row names it.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">The heads of its columns.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="verdict">The class of the last cell, "ok" or "above" in <see cref="PageStyle"/>, of its text; null for a table without verdicts.</param>
    /// <returns>This text.</returns>
    public HtmlText Table(string caption, IReadOnlyList<string> columns, IEnumerable<string[]> rows, Func<string, string>? verdict = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        Add($"<div class=\"{(columns.Count > MostColumns ? "scroll wide" : "scroll")}\" tabindex=\"0\" role=\"region\" aria-label=\"{Encode(caption)}\"><table>");
        Element("caption", caption);
        Add($"<thead><tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{Encode(column)}</th>"))}</tr></thead><tbody>");
        foreach (var row in rows)
        {
            var last = verdict is null ? $"<td>{Encode(row[^1])}</td>" : $"<td class=\"{verdict(row[^1])}\">{Encode(row[^1])}</td>";
            Add($"<tr><th scope=\"row\">{Encode(row[0])}</th>{string.Concat(row[1..^1].Select(cell => $"<td>{Encode(cell)}</td>"))}{last}</tr>");
        }

        return Add("</tbody></table></div>");
    }

    /// <summary>Adds a figure with its caption and a link to itself.</summary>
    /// <param name="anchor">Its identifier.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="figure">The figure.</param>
    /// <param name="caption">What is to be seen.</param>
    /// <param name="figures">The figures of the page.</param>
    /// <returns>This text.</returns>
    public HtmlText Figure(string anchor, string name, Figure figure, string caption, InlineFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        (anchor, name) = (Encode(anchor), Encode(name));
        return Add($"<figure id=\"{anchor}\"><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{name}, may be scrolled sideways\">")
            .Add(figures.Add(figure, caption))
            .Add($"</div><figcaption>{Encode(caption)} <a href=\"#{anchor}\">{name}</a></figcaption></figure>");
    }

    /// <summary>The markup.</summary>
    /// <returns>All of it.</returns>
    public override string ToString() => _text.ToString();
}
