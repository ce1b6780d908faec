namespace Plotting;

/// <summary>A legend laid out: its entries with their places relative to its upper left corner.</summary>
internal sealed class LegendBlock
{
    private const double Swatch = 24;
    private const double Gap = 6;
    private const double Line = 16;
    private const double Pad = 4;

    // Longer entries are broken into lines.
    private const double MaxTextWidth = 230;
    private readonly List<(LegendKey Key, List<MathText> Text, double X, double Y, double Swatch)> _entries = [];

    private LegendBlock()
    {
    }

    public double Width { get; private set; }

    public double Height { get; private set; }

    /// <summary>Entries below one another.</summary>
    public static LegendBlock Column(IReadOnlyList<LegendKey> keys)
    {
        var block = new LegendBlock();
        var y = Pad;
        foreach (var key in keys)
        {
            var (text, swatch) = Measure(key);
            block._entries.Add((key, text, Pad, y, swatch));
            block.Width = Math.Max(block.Width, Pad + swatch + text.Max(t => t.Width) + Pad);
            y += text.Sum(LineHeight);
        }
        block.Height = y + Pad;
        return block;
    }

    /// <summary>Entries beside one another, in as many lines as the width asks for, every line centred.</summary>
    public static LegendBlock Rows(IReadOnlyList<LegendKey> keys, double maxWidth)
    {
        var block = new LegendBlock();
        var y = Pad;
        var start = 0;
        while (start < keys.Count)
        {
            double x = Pad, line = Line;
            var row = new List<(LegendKey Key, List<MathText> Text, double X, double Swatch)>();
            var end = start;
            while (end < keys.Count)
            {
                var (text, swatch) = Measure(keys[end]);
                var width = swatch + text.Max(t => t.Width);
                if (row.Count > 0 && x + width + Pad > maxWidth)
                    break;
                row.Add((keys[end], text, x, swatch));
                line = Math.Max(line, text.Sum(LineHeight));
                x += width + 16;
                end++;
            }
            double used = x - 16 + Pad, shift = Math.Max(0, (maxWidth - used) / 2);
            foreach (var (key, text, left, swatch) in row)
                block._entries.Add((key, text, left + shift, y, swatch));
            block.Width = Math.Max(block.Width, shift + used);
            y += line;
            start = end;
        }
        block.Height = y + Pad;
        return block;
    }

    /// <summary>Draws the block with its upper left corner at a place.</summary>
    public void Draw(SvgCanvas canvas, double left, double top)
    {
        foreach (var (key, text, x, y, swatch) in _entries)
        {
            double x0 = left + x, x1 = x0 + swatch - Gap, middle = top + y + LineHeight(text[0]) / 2;
            if (key.FillOpacity > 0)
            {
                PlotPoint[] box = [new(x0, middle - 5), new(x1, middle - 5), new(x1, middle + 5), new(x0, middle + 5)];
                canvas.Draw(new Shape(ShapeKind.Fill, [box], key.Color, key.Style, key.FillOpacity));
                if (key.HasLine)
                    canvas.Draw(new Shape(ShapeKind.Stroke, [box], key.Color, key.Style, Closed: true));
            }
            else if (key.HasLine)
            {
                canvas.Draw(new Shape(ShapeKind.Stroke, [[new(x0, middle), new(x1, middle)]], key.Color, key.Style));
            }
            if (key.HasMarker)
                canvas.Draw(new Shape(ShapeKind.Markers, [[new((x0 + x1) / 2, middle)]], key.Color, key.Style with { MarkerSize = Math.Max(key.Style.MarkerSize, 3.5) }));
            if (key.Arrow > 0)
            {
                var paths = new List<IReadOnlyList<PlotPoint>>();
                ArrowLayer.Arrow(paths, new PlotPoint(x1 - key.Arrow, middle), key.Arrow, 0, new PlotBox(-1e6, -1e6, 2e6, 2e6));
                canvas.Draw(new Shape(ShapeKind.Stroke, paths, key.Color, key.Style));
            }
            var lineTop = top + y;
            foreach (var line in text)
            {
                // Digits and capitals are centred on the swatch; scripts may need more room on one side.
                var baseline = Math.Clamp(lineTop + LineHeight(line) / 2 + 0.36 * line.Size, lineTop + line.Ascent, lineTop + LineHeight(line) - line.Descent);
                canvas.Text(line, left + x + swatch, baseline, 0, TextRole.Legend);
                lineTop += LineHeight(line);
            }
        }
    }

    private static (List<MathText> Text, double Swatch) Measure(LegendKey key) =>
        (MathText.Wrap(key.Label, SvgCanvas.BaseSize, MaxTextWidth), key.IsNote ? 0 : Math.Max(Swatch, key.Arrow + Gap));

    private static double LineHeight(MathText line) => Math.Max(Line, line.Ascent + line.Descent + 3);
}
