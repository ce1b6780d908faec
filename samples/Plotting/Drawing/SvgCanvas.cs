using System.Globalization;
using System.Text;

namespace Plotting;

/// <summary>Writes the elements of a figure and keeps account of its texts.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _body = new();
    private readonly SortedSet<PlotColor> _strokes = [];
    private readonly SortedSet<PlotColor> _fills = [];

    public const double BaseSize = 11;

    public List<TextBox> Texts { get; } = [];

    /// <summary>Colours on light and on dark surroundings, in the order of <see cref="PlotColor"/>.</summary>
    private static readonly string[] _light =
        ["#0072b2", "#d55e00", "#009e73", "#c0609a", "#d98e00", "#3fa2dc", "#1a1a1a", "#808080"];

    private static readonly string[] _dark =
        ["#4aa3e0", "#f5813f", "#25c497", "#e096c2", "#f2b035", "#8ad0f7", "#ececec", "#8f8f8f"];

    /// <summary>A coordinate with at most two decimals.</summary>
    public static string Number(double value)
    {
        var text = Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Text for XML, with what XML cannot hold replaced.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(c).Append(text[++i]);
                continue;
            }
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\t' or '\n' or '\r' => result.Append(' '),
                < ' ' or '\uFFFE' or '\uFFFF' => result.Append('\uFFFD'),
                _ when char.IsSurrogate(c) => result.Append('\uFFFD'),
                _ => result.Append(c),
            };
        }
        return result.ToString();
    }

    public void Raw(string markup) => _body.Append(markup);

    /// <summary>Writes a text with its baseline at <paramref name="y"/>; upright, anchored at 0, ½ or 1 of its width.</summary>
    public void Text(MathText text, double x, double y, double anchor, TextRole role)
    {
        if (text.Runs.Count == 0)
            return;
        Texts.Add(new TextBox(text.PlainText, role, new PlotBox(x - anchor * text.Width, y - text.Ascent, text.Width, text.Ascent + text.Descent)));
        Open(text, anchor);
        _body.Append($" x=\"{Number(x)}\" y=\"{Number(y)}\">");
        Runs(text);
    }

    /// <summary>Writes a text that reads upwards, centred at <paramref name="y"/>, with its baseline at <paramref name="x"/>.</summary>
    public void VerticalText(MathText text, double x, double y, TextRole role)
    {
        if (text.Runs.Count == 0)
            return;
        Texts.Add(new TextBox(text.PlainText, role, new PlotBox(x - text.Ascent, y - text.Width / 2, text.Ascent + text.Descent, text.Width)));
        Open(text, 0.5);
        _body.Append($" transform=\"translate({Number(x)} {Number(y)})rotate(-90)\">");
        Runs(text);
    }

    /// <summary>Writes a shape at its place in the current coordinates.</summary>
    public void Draw(Shape shape)
    {
        if (shape.Opacity <= 0 || shape.Paths.Count == 0)
            return;
        var path = new PathBuilder();
        string attributes;
        switch (shape.Kind)
        {
            case ShapeKind.Markers:
                attributes = Markers(shape, path);
                break;
            case ShapeKind.Stroke:
                foreach (var line in shape.Paths)
                    path.Polyline(line, shape.Closed);
                attributes = Stroke(shape.Color) + Width(shape.Style.Width) + Dashes(shape.Style) + (shape.Opacity < 1 ? $" stroke-opacity=\"{Number(shape.Opacity)}\"" : "");
                break;
            default:
                foreach (var outline in shape.Paths)
                    path.Polyline(outline, closed: true);
                attributes = FillClass(shape.Color)
                    + (shape.Opacity < 1 ? $" fill-opacity=\"{Number(shape.Opacity)}\"" : "")
                    + (shape.Kind == ShapeKind.Cells ? " shape-rendering=\"crispEdges\"" : " fill-rule=\"evenodd\"");
                break;
        }
        if (!path.IsEmpty)
            _body.Append($"<path{attributes} d=\"{path}\"/>\n");
    }

    /// <summary>Writes a path in the colour of the axes.</summary>
    public void Axes(PathBuilder path)
    {
        if (!path.IsEmpty)
            _body.Append($"<path{Stroke(PlotColor.Foreground)} stroke-width=\"1\" d=\"{path}\"/>\n");
    }

    /// <summary>The whole document.</summary>
    public string Document(string title, string description, double width, double height)
    {
        var style = new StringBuilder();
        style.Append(".plt{--plt-bg:#fff");
        AppendColors(style, _light);
        style.Append("}\n@media screen and (prefers-color-scheme:dark){.plt{--plt-bg:#16191d");
        AppendColors(style, _dark);
        style.Append("}}\n.plt .bg{fill:#fff;fill:var(--plt-bg)}\n");
        style.Append($".plt text{{font:{Number(BaseSize)}px {FontMetrics.Families};fill:#1a1a1a;fill:var(--plt-{(int)PlotColor.Foreground});white-space:pre}}\n");
        style.Append(".plt .i{font-style:italic}.plt .b{font-weight:bold}.plt .m{text-anchor:middle}.plt .e{text-anchor:end}\n");
        style.Append(".plt path{stroke-linejoin:round}\n");
        foreach (var color in _strokes)
            style.Append($".plt .s{(int)color}{{fill:none;stroke:{_light[(int)color]};stroke:var(--plt-{(int)color})}}\n");
        foreach (var color in _fills)
            style.Append($".plt .f{(int)color}{{fill:{_light[(int)color]};fill:var(--plt-{(int)color})}}\n");

        var body = _body.ToString();
        // Identifiers must differ between the figures of one page, and must not differ between two runs: they come from the content.
        var id = "plt" + Hash(title + "\n" + body).ToString("x8", CultureInfo.InvariantCulture);
        var size = $"width=\"{Number(width)}\" height=\"{Number(height)}\"";
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plt\" {size} viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" aria-labelledby=\"{id}t {id}d\">\n"
            + $"<title id=\"{id}t\">{Escape(title)}</title>\n<desc id=\"{id}d\">{Escape(description)}</desc>\n<style>{style}</style>\n"
            + $"<rect class=\"bg\" {size}/>\n" + body.Replace("\u0001", id, StringComparison.Ordinal) + "</svg>\n";
    }

    private void Open(MathText text, double anchor)
    {
        _body.Append("<text");
        var classes = (anchor == 0.5 ? "m" : anchor == 1 ? "e" : "") + (text.Bold ? " b" : "");
        if (classes.Length > 0)
            _body.Append($" class=\"{classes.Trim()}\"");
        if (text.Size != BaseSize)
            _body.Append($" style=\"font-size:{Number(text.Size)}px\"");
    }

    private void Runs(MathText text)
    {
        double rise = 0, end = 0;
        foreach (var run in text.Runs)
        {
            double dy = rise - run.Rise, dx = run.Left - end;
            var back = Math.Abs(dx) > 0.01;
            if (dy != 0 || back || run.Italic || run.Size != text.Size)
            {
                _body.Append("<tspan");
                if (run.Italic)
                    _body.Append(" class=\"i\"");
                if (back)
                    _body.Append($" dx=\"{Number(dx)}\"");
                if (dy != 0)
                    _body.Append($" dy=\"{Number(dy)}\"");
                if (run.Size != text.Size)
                    _body.Append($" style=\"font-size:{Number(run.Size)}px\"");
                _body.Append('>').Append(Escape(run.Text)).Append("</tspan>");
            }
            else
            {
                _body.Append(Escape(run.Text));
            }
            rise = run.Rise;
            end = run.Left + FontMetrics.Width(run.Text, run.Size, text.Bold);
        }
        _body.Append("</text>\n");
    }

    private string Markers(Shape shape, PathBuilder path)
    {
        double size = shape.Style.MarkerSize, r = size / 2;
        var capped = shape.Style.Marker is MarkerShape.Circle or MarkerShape.Square;
        foreach (var points in shape.Paths)
        {
            foreach (var p in points)
            {
                if (capped)
                {
                    path.Polyline([p, p], closed: false);
                    continue;
                }
                var k = 1.25 * r;
                PlotPoint[] corners = shape.Style.Marker == MarkerShape.Diamond
                    ? [new(p.X, p.Y - k), new(p.X + k, p.Y), new(p.X, p.Y + k), new(p.X - k, p.Y)]
                    : [new(p.X, p.Y - k), new(p.X + k, p.Y + 0.8 * k), new(p.X - k, p.Y + 0.8 * k)];
                path.Polyline(corners, closed: true);
            }
        }
        var opacity = shape.Opacity < 1 ? $" opacity=\"{Number(shape.Opacity)}\"" : "";
        // A line of no length with a cap is a disc or a square: six characters a point.
        return capped
            ? Stroke(shape.Color) + Width(size) + $" stroke-linecap=\"{(shape.Style.Marker == MarkerShape.Circle ? "round" : "square")}\"" + opacity
            : FillClass(shape.Color) + opacity;
    }

    private string Stroke(PlotColor color)
    {
        _strokes.Add(color);
        return $" class=\"s{(int)color}\"";
    }

    private string FillClass(PlotColor color)
    {
        _fills.Add(color);
        return $" class=\"f{(int)color}\"";
    }

    private static string Width(double width) => $" stroke-width=\"{Number(width)}\"";

    private static string Dashes(PlotStyle style)
    {
        var w = Math.Max(style.Width, 1);
        return style.Dash switch
        {
            DashStyle.Dashed => $" stroke-dasharray=\"{Number(4.5 * w)} {Number(2.5 * w)}\"",
            DashStyle.Dotted => $" stroke-dasharray=\"{Number(1.2 * w)} {Number(1.8 * w)}\"",
            DashStyle.DashDot => $" stroke-dasharray=\"{Number(5 * w)} {Number(2 * w)} {Number(1.2 * w)} {Number(2 * w)}\"",
            _ => " stroke-linecap=\"round\"",
        };
    }

    private static void AppendColors(StringBuilder style, ReadOnlySpan<string> colors)
    {
        for (var i = 0; i < colors.Length; i++)
            style.Append(CultureInfo.InvariantCulture, $";--plt-{i}:{colors[i]}");
    }

    // FNV-1a, 32 bits, over the UTF-8 bytes.
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 16777619;
        return hash;
    }
}
