using System.Net;
using System.Text;

namespace FactorizableFlow.Report;

/// <summary>Builds a page from elements; texts are encoded, markup is not.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>A text with what HTML gives a meaning replaced.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Adds markup and a line break.</summary>
    public HtmlText Add(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>Adds an element with a text.</summary>
    /// <param name="tag">Tag and attributes: "p class=\"lead\"".</param>
    /// <param name="text">The text.</param>
    public HtmlText Element(string tag, string text) => Add($"<{tag}>{Encode(text)}</{tag.Split(' ')[0]}>");

    /// <summary>The markup.</summary>
    public override string ToString() => _text.ToString();
}
