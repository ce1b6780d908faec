using System.Text;

namespace Plotting;

/// <summary>
/// Lays a figure out and draws it. The data areas have given sizes; every margin follows from the texts that stand in it, so nothing overlaps
/// and nothing has to be guessed.
/// </summary>
internal sealed class FigureRenderer
{
    private const double Edge = 8;
    private const double TickSize = 10.5;
    private const double LabelSize = 12;
    private const double PanelTitleSize = 12;
    private const double TitleSize = 14;
    private const double TickGap = 5;
    private const double TickGapBelow = 7;
    private const double ColumnGap = 12;
    private const double RatioGap = 13;
    private const double BarGap = 10;
    private const double BarWidth = 12;

    private readonly Figure _figure;
    private readonly List<PanelNode> _nodes = [];
    private readonly List<PanelNode> _cells = [];
    private readonly SvgCanvas _canvas = new();
    private readonly List<PlotBox> _legends = [];

    public FigureRenderer(Figure figure) => _figure = figure;

    public (string Svg, FigureLayout Layout) Render()
    {
        MakeNodes();
        var groups = _nodes.SelectMany(n => new[] { n.X, n.Y }).Distinct().ToList();
        foreach (var group in groups)
            FindRange(group, isX: group.Nodes[0].X == group);
        MakeEqual();
        PlaceLegends();
        foreach (var node in _nodes)
            FindTicks(node);

        // Margins around the data areas: what the widest text of each column and the highest of each row take.
        var left = new double[_figure.Columns];
        var right = new double[_figure.Columns];
        var top = new double[_figure.Rows];
        var bottom = new double[_figure.Rows];
        var widths = new double[_figure.Columns];
        var heights = new double[_figure.Rows];
        foreach (var node in _nodes)
        {
            var c = node.Panel.Column;
            left[c] = Math.Max(left[c], LeftMargin(node));
            right[c] = Math.Max(right[c], RightMargin(node));
        }
        foreach (var cell in _cells)
        {
            int r = cell.Panel.Row, c = cell.Panel.Column;
            top[r] = Math.Max(top[r], cell.TitleLines.Count == 0 ? 7 : cell.TitleLines.Sum(LineHeight) + 5);
            bottom[r] = Math.Max(bottom[r], BottomMargin(cell.Ratio ?? cell));
            widths[c] = Math.Max(widths[c], cell.Width);
            heights[r] = Math.Max(heights[r], cell.Height + (cell.Ratio is null ? 0 : RatioGap + cell.Ratio.Height));
            // A legend beside a low panel may reach below it.
            if (cell.Legend is not null && cell.LegendPlace is null)
                bottom[r] = Math.Max(bottom[r], cell.Legend.Height - heights[r]);
            if (cell.Ratio?.Legend is not null && cell.Ratio.LegendPlace is null)
                bottom[r] = Math.Max(bottom[r], cell.Ratio.Legend.Height - cell.Ratio.Height);
        }
        var width = 2 * Edge + left.Sum() + right.Sum() + widths.Sum() + (widths.Count(w => w > 0) - 1) * ColumnGap;
        width = Math.Max(width, 160);

        var y = Edge;
        var title = _figure.TitleText.Length == 0 ? [] : MathText.Wrap(_figure.TitleText, TitleSize, width - 2 * Edge, bold: true);
        foreach (var line in title)
        {
            y += line.Ascent + 2;
            _canvas.Text(line, width / 2, y, 0.5, TextRole.Title);
            y += line.Descent + 3;
        }
        y += title.Count > 0 ? 3 : 0;
        var sharedKeys = _figure.HasSharedLegend ? SharedKeys() : [];
        if (sharedKeys.Count > 0)
        {
            var block = LegendBlock.Rows(sharedKeys, width - 2 * Edge);
            width = Math.Max(width, block.Width + 2 * Edge);
            block.Draw(_canvas, Edge, y);
            _legends.Add(new PlotBox(Edge, y, block.Width, block.Height));
            y += block.Height + 2;
        }

        var columnLeft = new double[_figure.Columns];
        var x = Edge;
        for (var c = 0; c < _figure.Columns; c++)
        {
            columnLeft[c] = x + left[c];
            x += left[c] + widths[c] + right[c] + (widths[c] > 0 ? ColumnGap : 0);
        }
        for (var r = 0; r < _figure.Rows; r++)
        {
            y += top[r];
            foreach (var cell in _cells.Where(n => n.Panel.Row == r))
            {
                (cell.Left, cell.Top) = (columnLeft[cell.Panel.Column], y);
                if (cell.Ratio is not null)
                    (cell.Ratio.Left, cell.Ratio.Top) = (cell.Left, y + cell.Height + RatioGap);
            }
            y += heights[r] + bottom[r];
        }
        var height = y + Edge;

        WriteClips();
        foreach (var node in _nodes)
            Draw(node, node.Left - left[node.Panel.Column]);

        var panels = _nodes.Select(n => new PanelLayout(
            n.Panel.Row, n.Panel.Column, new PlotBox(n.Left, n.Top, n.Width, n.Height), n.X.Min, n.X.Max, n.Y.Min, n.Y.Max, n.X.IsLog, n.Y.IsLog)).ToList();
        var plainTitle = _figure.TitleText.Length == 0 ? "Figure" : MathText.Parse(_figure.TitleText, TitleSize).PlainText;
        var svg = _canvas.Document(plainTitle, _figure.DescriptionText ?? Describe(), width, height);
        return (svg, new FigureLayout(width, height, _canvas.Texts, _legends, panels));
    }

    private static double LineHeight(MathText text) => text.Ascent + text.Descent + 3;

    // ---- Axes -------------------------------------------------------------------------------------------------------------------------------

    private void MakeNodes()
    {
        var xGroups = new Dictionary<(int, int, bool), AxisGroup>();
        var yGroups = new Dictionary<(int, int, bool), AxisGroup>();
        foreach (var panel in _figure.UsedPanels())
        {
            var width = _figure.PanelWidth * _figure.WidthRatios[panel.Column];
            var height = _figure.PanelHeight * _figure.HeightRatios[panel.Row];
            var xKey = panel.XIsOwn ? (panel.Row, panel.Column, true) : _figure.SharingX switch
            {
                AxisSharing.All => (-1, -1, false),
                AxisSharing.Aligned => (-1, panel.Column, false),
                _ => (panel.Row, panel.Column, true),
            };
            var cell = Node(panel, isRatio: false, height);
            _cells.Add(cell);
            if (panel.RatioPanel is not null)
                cell.Ratio = Node(panel.RatioPanel, isRatio: true, Math.Max(30, panel.RatioHeight * height));

            PanelNode Node(Panel p, bool isRatio, double h)
            {
                var yKey = p.YIsOwn ? (p.Row, p.Column, isRatio) : _figure.SharingY switch
                {
                    AxisSharing.All => (-1, -1, isRatio),
                    AxisSharing.Aligned => (p.Row, -1, isRatio),
                    _ => (p.Row, p.Column, isRatio),
                };
                var node = new PanelNode(p, isRatio, width, h) { X = Group(xGroups, xKey), Y = Group(yGroups, yKey) };
                node.X.Nodes.Add(node);
                node.Y.Nodes.Add(node);
                _nodes.Add(node);
                return node;
            }
        }
        foreach (var node in _nodes)
        {
            // Only the outermost panel of a group shows the labels.
            node.ShowsX = node.Ratio is null && !_cells.Any(n => n.Panel.Column == node.Panel.Column && n.Panel.Row > node.Panel.Row && n.X == node.X);
            node.ShowsY = !_nodes.Any(n => n.Panel.Row == node.Panel.Row && n.Panel.Column < node.Panel.Column && n.Y == node.Y);
        }
    }

    private static AxisGroup Group(Dictionary<(int, int, bool), AxisGroup> groups, (int, int, bool) key) =>
        groups.TryGetValue(key, out var group) ? group : groups[key] = new AxisGroup();

    private static void FindRange(AxisGroup group, bool isX)
    {
        group.IsLog = group.Nodes.Any(n => isX ? n.Panel.XIsLog : n.Panel.YIsLog);
        var bounds = new BoundsBuilder(group.IsLog);
        (double? Min, double? Max) limits = default;
        foreach (var node in group.Nodes)
        {
            var own = isX ? node.Panel.XLimits : node.Panel.YLimits;
            limits = (limits.Min ?? own.Min, limits.Max ?? own.Max);
            var other = new BoundsBuilder(isX ? node.Panel.YIsLog : node.Panel.XIsLog);
            foreach (var layer in node.Panel.Layers)
                layer.AddBounds(isX ? bounds : other, isX ? other : bounds);
        }
        if (group.IsLog && (limits.Min <= 0 || limits.Max <= 0))
            throw new ArgumentException($"A logarithmic axis must lie above zero, but its range is fixed to [{limits.Min}, {limits.Max}].");
        var (min, max) = bounds.Range(isX ? 0.03 : 0.05);
        (group.Min, group.Max, group.Limits) = (limits.Min ?? min, limits.Max ?? max, limits);
        if (group.Min < group.Max)
            return;
        // One fixed end beyond all data: the other end gives way.
        var room = Math.Max(1, Math.Abs(limits.Min ?? limits.Max!.Value));
        if (limits.Min is not null)
            group.Max = group.IsLog ? group.Min * 10 : group.Min + room;
        else
            group.Min = group.IsLog ? group.Max / 10 : group.Max - room;
    }

    private void MakeEqual()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            foreach (var node in _nodes.Where(n => n.Panel.IsEqual && !n.X.IsLog && !n.Y.IsLog))
            {
                double perX = (node.X.Max - node.X.Min) / node.Width, perY = (node.Y.Max - node.Y.Min) / node.Height;
                var (group, span) = perX < perY ? (node.X, perY * node.Width) : (node.Y, perX * node.Height);
                var air = (span - (group.Max - group.Min)) / 2;
                if (!(air > 1e-9 * span))
                    continue;
                group.Min -= air;
                group.Max += air;
            }
        }
    }

    private void FindTicks(PanelNode node)
    {
        var frame = node.Frame;
        (node.XTicks, var xTexts) = FitTicks(node.X, frame.X, (int)Math.Clamp(node.Width / 42, 3, 9), t => t.Width + 9, t => t.Width + 4);
        (node.YTicks, var yTexts) = FitTicks(node.Y, frame.Y, (int)Math.Clamp(node.Height / 28, 3, 9), t => t.Ascent + t.Descent + 6, t => t.Ascent + t.Descent + 1);
        node.XTickTexts.AddRange(xTexts);
        node.YTickTexts.AddRange(yTexts);

        node.TitleLines = node.IsRatio || node.Panel.TitleText.Length == 0 ? [] : MathText.Wrap(node.Panel.TitleText, PanelTitleSize, node.Width);
        if (node.ShowsX)
        {
            // A ratio panel carries the horizontal label of its main panel unless it has one of its own.
            var text = node.Panel.XText.Length == 0 && node.IsRatio ? _figure.Panel(node.Panel.Row, node.Panel.Column).XText : node.Panel.XText;
            node.XLabelLines = text.Length == 0 ? [] : MathText.Wrap(text, LabelSize, node.Width);
        }
        if (node.ShowsY)
            node.YLabelLines = node.Panel.YText.Length == 0 ? [] : MathText.Wrap(node.Panel.YText, LabelSize, node.Height);
    }

    // As many ticks as are wanted, fewer if their labels would crowd, more if there would be less than three.
    private static (AxisTicks Ticks, List<MathText> Texts) FitTicks(
        AxisGroup axis, AxisScale scale, int count, Func<MathText, double> roomy, Func<MathText, double> tight)
    {
        var (ticks, texts) = Try(count);
        for (var n = count - 1; n >= 2 && Crowded(scale, ticks, texts, roomy); n--)
            (ticks, texts) = Try(n);
        for (var n = count + 1; n <= count + 3 && texts.Count < 3; n++)
        {
            var (more, moreTexts) = Try(n);
            if (!Crowded(scale, more, moreTexts, roomy))
                (ticks, texts) = (more, moreTexts);
        }
        Thin(scale, ticks, texts, tight, thinned => ticks = thinned);
        return (ticks, texts);

        (AxisTicks, List<MathText>) Try(int n)
        {
            var found = Locate(axis, n);
            return (found, [.. found.Major.Select(t => MathText.Parse(t.Label, TickSize))]);
        }
    }

    private static AxisTicks Locate(AxisGroup axis, int count) =>
        axis.IsLog ? TickLocator.Logarithmic(axis.Min, axis.Max, count) : TickLocator.Linear(axis.Min, axis.Max, count);

    private static bool Crowded(AxisScale scale, AxisTicks ticks, List<MathText> texts, Func<MathText, double> size)
    {
        for (var i = 1; i < texts.Count; i++)
        {
            if (Math.Abs(scale.ToPixel(ticks.Major[i].Value) - scale.ToPixel(ticks.Major[i - 1].Value)) < 0.5 * (size(texts[i]) + size(texts[i - 1])))
                return true;
        }
        return false;
    }

    // The last resort for labels too long for their axis: those that would touch an earlier one become minor ticks.
    private static void Thin(AxisScale scale, AxisTicks ticks, List<MathText> texts, Func<MathText, double> size, Action<AxisTicks> set)
    {
        if (!Crowded(scale, ticks, texts, size))
            return;
        var major = new List<(double, string)>();
        var minor = new List<double>(ticks.Minor);
        var kept = new List<MathText>();
        double lastPixel = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            var pixel = scale.ToPixel(ticks.Major[i].Value);
            if (kept.Count > 0 && Math.Abs(pixel - lastPixel) < 0.5 * (size(texts[i]) + size(kept[^1])))
            {
                minor.Add(ticks.Major[i].Value);
                continue;
            }
            major.Add(ticks.Major[i]);
            kept.Add(texts[i]);
            lastPixel = pixel;
        }
        minor.Sort();
        texts.Clear();
        texts.AddRange(kept);
        set(new AxisTicks(major, minor));
    }

    // ---- Legends ----------------------------------------------------------------------------------------------------------------------------

    private void PlaceLegends()
    {
        foreach (var node in _nodes)
        {
            var keys = Keys(node);
            if (keys.Count > 0)
                node.Legend = LegendBlock.Column(keys);
        }
        foreach (var group in _nodes.Select(n => n.Y).Distinct())
        {
            var waiting = group.Nodes.Where(n => n.Legend is not null && n.Panel.LegendPlace == LegendPosition.Best).ToList();
            var mayExtend = group.Limits.Max is null && group.Nodes.All(n => !n.Panel.IsEqual && n.Panel.Layers.All(l => l.AllowsHeadroom));
            var (min, max) = (group.Min, group.Max);
            foreach (var headroom in (ReadOnlySpan<double>)[0, 0.1, 0.18, 0.26, 0.34, 0.42, 0.5])
            {
                if (headroom > 0 && !mayExtend)
                    break;
                (group.Min, group.Max) = (min, max);
                if (headroom > 0)
                    group.Extend(headroom);
                foreach (var node in waiting)
                    node.LegendPlace = TryPlace(node);
                if (waiting.All(n => n.LegendPlace is not null))
                    break;
            }
            if (waiting.Any(n => n.LegendPlace is null))
            {
                (group.Min, group.Max) = (min, max);
                foreach (var node in waiting)
                    node.LegendPlace = TryPlace(node);
            }
        }
        foreach (var node in _nodes)
            PlaceAnnotations(node);
    }

    private List<LegendKey> Keys(PanelNode node)
    {
        var keys = new List<LegendKey>();
        if (node.Panel.LegendPlace != LegendPosition.None && !_figure.HasSharedLegend)
        {
            var frame = node.Frame;
            keys.AddRange(node.Panel.Layers.Select(l => l.Key(frame)).OfType<LegendKey>());
        }
        foreach (var note in node.Panel.Notes)
            keys.Add(Note(note));
        if (node.Panel.Layers.Count > 0 && IsEmpty(node))
            keys.Add(Note("no data to show"));
        return keys;
    }

    private static LegendKey Note(string text) => new(text, PlotColor.Foreground, new PlotStyle(PlotColor.Foreground)) { IsNote = true };

    private List<LegendKey> SharedKeys()
    {
        var keys = new List<LegendKey>();
        foreach (var node in _nodes.Where(n => n.Panel.LegendPlace != LegendPosition.None))
        {
            var frame = node.Frame;
            foreach (var key in node.Panel.Layers.Select(l => l.Key(frame)).OfType<LegendKey>())
            {
                if (!keys.Any(k => k.Label == key.Label))
                    keys.Add(key);
            }
        }
        return keys;
    }

    private static bool IsEmpty(PanelNode node)
    {
        var x = new BoundsBuilder(node.X.IsLog);
        var y = new BoundsBuilder(node.Y.IsLog);
        foreach (var layer in node.Panel.Layers)
            layer.AddBounds(x, y);
        return x.IsEmpty && y.IsEmpty;
    }

    private static OccupancyMap Occupancy(PanelNode node)
    {
        var frame = node.Frame;
        var map = new OccupancyMap(node.Width, node.Height);
        foreach (var layer in node.Panel.Layers)
        {
            foreach (var shape in layer.Shapes(frame))
                map.Add(shape);
        }
        return map;
    }

    private static PlotPoint? TryPlace(PanelNode node)
    {
        const double Inset = 7;
        double w = node.Legend!.Width, h = node.Legend.Height;
        double right = node.Width - Inset - w, bottom = node.Height - Inset - h;
        if (right < Inset || bottom < Inset)
            return null;
        var map = Occupancy(node);
        PlotPoint[] corners = [new(right, Inset), new(Inset, Inset), new(right, bottom), new(Inset, bottom)];
        foreach (var corner in corners)
        {
            if (IsFree(corner))
                return corner;
        }
        for (var y = Inset; y <= bottom; y += 6)
        {
            for (var x = right; x >= Inset; x -= 6)
            {
                if (IsFree(new PlotPoint(x, y)))
                    return new PlotPoint(x, y);
            }
        }
        return null;

        bool IsFree(PlotPoint p) => map.IsFree(new PlotBox(p.X - 2, p.Y - 2, w + 4, h + 4));
    }

    private static void PlaceAnnotations(PanelNode node)
    {
        if (node.Panel.Annotations.Count == 0)
            return;
        var frame = node.Frame;
        var map = Occupancy(node);
        var taken = new List<PlotBox>();
        if (node.LegendPlace is { } place)
            taken.Add(new PlotBox(place.X, place.Y, node.Legend!.Width, node.Legend.Height));
        foreach (var (x, y, markup) in node.Panel.Annotations)
        {
            var p = frame.Point(x, y);
            if (!(p.X >= 0 && p.X <= node.Width && p.Y >= 0 && p.Y <= node.Height))
                continue;
            var text = MathText.Parse(markup, SvgCanvas.BaseSize);
            double w = text.Width, h = text.Ascent + text.Descent;
            if (w > node.Width - 4 || h > node.Height - 4)
                continue;
            PlotBox? best = null;
            // Around the point, nearest first; texts never meet texts, and meet data only where no place is free.
            foreach (var mayCover in (ReadOnlySpan<bool>)[false, true])
            {
                foreach (var d in (ReadOnlySpan<double>)[5, 12, 22, 36, 60])
                {
                    PlotBox[] around =
                    [
                        new(p.X + d, p.Y - h / 2, w, h), new(p.X - d - w, p.Y - h / 2, w, h), new(p.X - w / 2, p.Y - d - h, w, h), new(p.X - w / 2, p.Y + d, w, h),
                        new(p.X + d, p.Y - d - h, w, h), new(p.X - d - w, p.Y - d - h, w, h), new(p.X + d, p.Y + d, w, h), new(p.X - d - w, p.Y + d, w, h),
                    ];
                    foreach (var box in around)
                    {
                        if (best is null && box.Left >= 2 && box.Top >= 2 && box.Right <= node.Width - 2 && box.Bottom <= node.Height - 2
                            && !taken.Any(t => t.Intersects(box)) && (mayCover || map.IsFree(box)))
                        {
                            best = box;
                        }
                    }
                }
            }
            if (best is not { } found)
                continue;
            taken.Add(found);
            node.Annotations.Add((text, new PlotPoint(found.Left, found.Top + text.Ascent)));
        }
    }

    // ---- Margins ----------------------------------------------------------------------------------------------------------------------------

    private static double TickLabelWidth(PanelNode node) => node.ShowsY && node.YTickTexts.Count > 0 ? node.YTickTexts.Max(t => t.Width) : 0;

    private static double LeftMargin(PanelNode node)
    {
        var labels = node.ShowsY ? TickGap + TickLabelWidth(node) : 0;
        var title = node.YLabelLines.Count == 0 ? 0 : node.YLabelLines.Sum(LineHeight) + 4;
        var overhang = node.ShowsX && node.XTickTexts.Count > 0 ? node.XTickTexts[0].Width / 2 - node.Frame.X.ToPixel(node.XTicks.Major[0].Value) : 0;
        return Math.Max(labels + title, overhang + 1);
    }

    private static double RightMargin(PanelNode node)
    {
        double margin = 0;
        if (node.Panel.BarScale is not null)
        {
            var (_, texts) = BarTicks(node);
            node.ColorBarWidth = BarGap + BarWidth + TickGap + (texts.Count > 0 ? texts.Max(t => t.Width) : 0)
                + BarLabel(node).Sum(LineHeight) + (node.Panel.BarText.Length > 0 ? 3 : 0);
            margin += node.ColorBarWidth;
        }
        if (node.Legend is not null && node.LegendPlace is null)
            margin += 8 + node.Legend.Width;
        var overhang = node.ShowsX && node.XTickTexts.Count > 0
            ? node.XTickTexts[^1].Width / 2 - (node.Width - node.Frame.X.ToPixel(node.XTicks.Major[^1].Value)) : 0;
        return Math.Max(margin, overhang + 1);
    }

    private static double BottomMargin(PanelNode node)
    {
        if (!node.ShowsX)
            return 7;
        var ticks = node.XTickTexts.Count > 0 ? node.XTickTexts.Max(t => t.Ascent + t.Descent) + TickGapBelow : TickGapBelow;
        var labels = node.XLabelLines.Count > 0 ? node.XLabelLines.Sum(LineHeight) + 2 : 0;
        return ticks + labels + 3;
    }

    private static (AxisTicks Ticks, List<MathText> Texts) BarTicks(PanelNode node)
    {
        var bar = node.Panel.BarScale!;
        var ticks = TickLocator.Linear(bar.Min, bar.Max, (int)Math.Clamp(node.Height / 24, 3, 10));
        var texts = ticks.Major.Select(t => MathText.Parse(t.Label, TickSize)).ToList();
        Thin(new AxisScale(bar.Min, bar.Max, false, node.Height, vertical: true), ticks, texts, t => t.Ascent + t.Descent + 1, thinned => ticks = thinned);
        return (ticks, texts);
    }

    private static List<MathText> BarLabel(PanelNode node) =>
        node.Panel.BarText.Length == 0 ? [] : MathText.Wrap(node.Panel.BarText, LabelSize, node.Height);

    // ---- Drawing ----------------------------------------------------------------------------------------------------------------------------

    // One clip path for each size of panel; the character U+0001 stands for the figure's identifier.
    private void WriteClips()
    {
        var sizes = _nodes.Select(n => (n.Width, n.Height)).Distinct().ToList();
        _canvas.Raw("<defs>");
        for (var i = 0; i < sizes.Count; i++)
            _canvas.Raw($"<clipPath id=\"\u0001c{i}\"><rect width=\"{SvgCanvas.Number(sizes[i].Width)}\" height=\"{SvgCanvas.Number(sizes[i].Height)}\"/></clipPath>");
        _canvas.Raw("</defs>\n");
    }

    private void Draw(PanelNode node, double outerLeft)
    {
        var frame = node.Frame;
        var clip = _nodes.Select(n => (n.Width, n.Height)).Distinct().ToList().IndexOf((node.Width, node.Height));
        _canvas.Raw($"<g transform=\"translate({SvgCanvas.Number(node.Left)} {SvgCanvas.Number(node.Top)})\">\n<g clip-path=\"url(#\u0001c{clip})\">\n");
        foreach (var layer in node.Panel.Layers)
        {
            foreach (var shape in layer.Shapes(frame))
                _canvas.Draw(shape);
        }
        _canvas.Raw("</g>\n");
        DrawAxes(node, frame);
        _canvas.Raw("</g>\n");

        if (node.Panel.BarScale is not null)
            DrawBar(node);
        DrawTexts(node, frame, outerLeft);
    }

    private void DrawAxes(PanelNode node, PanelFrame frame)
    {
        var path = new PathBuilder();
        path.Polyline([new(0, 0), new(node.Width, 0), new(node.Width, node.Height), new(0, node.Height)], closed: true);
        foreach (var (values, length) in ((IEnumerable<double>, double)[])[(node.XTicks.Major.Select(t => t.Value), 5), (node.XTicks.Minor, 2.5)])
        {
            foreach (var value in values)
            {
                var p = frame.X.ToPixel(value);
                if (p < 0.5 || p > node.Width - 0.5)
                    continue;
                path.Polyline([new(p, node.Height), new(p, node.Height - length)], closed: false);
                path.Polyline([new(p, 0), new(p, length)], closed: false);
            }
        }
        foreach (var (values, length) in ((IEnumerable<double>, double)[])[(node.YTicks.Major.Select(t => t.Value), 5), (node.YTicks.Minor, 2.5)])
        {
            foreach (var value in values)
            {
                var p = frame.Y.ToPixel(value);
                if (p < 0.5 || p > node.Height - 0.5)
                    continue;
                path.Polyline([new(0, p), new(length, p)], closed: false);
                path.Polyline([new(node.Width, p), new(node.Width - length, p)], closed: false);
            }
        }
        _canvas.Axes(path);
    }

    private void DrawTexts(PanelNode node, PanelFrame frame, double outerLeft)
    {
        var y = node.Top - 5 - node.TitleLines.Sum(LineHeight);
        foreach (var line in node.TitleLines)
        {
            _canvas.Text(line, node.Left + node.Width / 2, y + line.Ascent, 0.5, TextRole.PanelTitle);
            y += LineHeight(line);
        }

        y = node.Top + node.Height + TickGapBelow;
        if (node.ShowsX && node.XTickTexts.Count > 0)
        {
            var ascent = node.XTickTexts.Max(t => t.Ascent);
            for (var i = 0; i < node.XTickTexts.Count; i++)
                _canvas.Text(node.XTickTexts[i], node.Left + frame.X.ToPixel(node.XTicks.Major[i].Value), y + ascent, 0.5, TextRole.TickLabel);
            y += node.XTickTexts.Max(t => t.Ascent + t.Descent) + 2;
        }
        foreach (var line in node.XLabelLines)
        {
            _canvas.Text(line, node.Left + node.Width / 2, y + line.Ascent + 1, 0.5, TextRole.AxisLabel);
            y += LineHeight(line);
        }

        if (node.ShowsY)
        {
            for (var i = 0; i < node.YTickTexts.Count; i++)
            {
                var middle = node.Top + frame.Y.ToPixel(node.YTicks.Major[i].Value);
                _canvas.Text(node.YTickTexts[i], node.Left - TickGap, middle + 0.36 * TickSize, 1, TextRole.TickLabel);
            }
        }
        var x = outerLeft;
        foreach (var line in node.YLabelLines)
        {
            _canvas.VerticalText(line, x + line.Ascent, node.Top + node.Height / 2, TextRole.AxisLabel);
            x += LineHeight(line);
        }

        if (node.Legend is { } legend)
        {
            var left = node.LegendPlace is { } place ? node.Left + place.X : node.Left + node.Width + node.ColorBarWidth + 8;
            var top = node.Top + (node.LegendPlace?.Y ?? 0);
            legend.Draw(_canvas, left, top);
            _legends.Add(new PlotBox(left, top, legend.Width, legend.Height));
        }
        foreach (var (text, baseline) in node.Annotations)
            _canvas.Text(text, node.Left + baseline.X, node.Top + baseline.Y, 0, TextRole.Annotation);
    }

    private void DrawBar(PanelNode node)
    {
        var bar = node.Panel.BarScale!;
        var left = node.Left + node.Width + BarGap;
        var scale = new AxisScale(bar.Min, bar.Max, false, node.Height, vertical: true);
        var bands = bar.IsDiverging ? 2 * bar.Steps + 1 : bar.Steps + 1;
        for (var k = 0; k < bands; k++)
        {
            var step = bar.IsDiverging ? k - bar.Steps : k;
            if (step == 0)
                continue;
            double y0 = node.Top + node.Height * (1 - (k + 1.0) / bands), y1 = node.Top + node.Height * (1 - k / (double)bands);
            PlotPoint[] band = [new(left, y0), new(left + BarWidth, y0), new(left + BarWidth, y1), new(left, y1)];
            _canvas.Draw(new Shape(ShapeKind.Cells, [band], bar.Color(step), new PlotStyle(), bar.Opacity(step)));
        }
        var (ticks, texts) = BarTicks(node);
        var path = new PathBuilder();
        path.Polyline(
            [new(left, node.Top), new(left + BarWidth, node.Top), new(left + BarWidth, node.Top + node.Height), new(left, node.Top + node.Height)], closed: true);
        var x = left + BarWidth + TickGap;
        for (var i = 0; i < texts.Count; i++)
        {
            var p = node.Top + scale.ToPixel(ticks.Major[i].Value);
            path.Polyline([new(left + BarWidth, p), new(left + BarWidth - 4, p)], closed: false);
            _canvas.Text(texts[i], x, p + 0.36 * TickSize, 0, TextRole.TickLabel);
        }
        _canvas.Axes(path);
        x += (texts.Count > 0 ? texts.Max(t => t.Width) : 0) + 3;
        foreach (var line in BarLabel(node))
        {
            _canvas.VerticalText(line, x + line.Ascent, node.Top + node.Height / 2, TextRole.AxisLabel);
            x += LineHeight(line);
        }
    }

    // What a reader who does not see the figure is told when its maker says nothing.
    private string Describe()
    {
        var text = new StringBuilder();
        foreach (var node in _nodes)
        {
            if (text.Length > 0)
                text.Append(' ');
            text.Append(node.IsRatio ? "Ratio panel" : _cells.Count == 1 ? "Panel" : $"Panel in row {node.Panel.Row + 1}, column {node.Panel.Column + 1}");
            if (node.Panel.TitleText.Length > 0)
                text.Append($" \"{Plain(node.Panel.TitleText)}\"");
            var axes = string.Join(" against ", new[] { node.Panel.YText, node.Panel.XText }.Where(t => t.Length > 0).Select(Plain));
            if (axes.Length > 0)
                text.Append($": {axes}");
            var names = node.Panel.Layers.Select(l => l.Label).OfType<string>().Select(Plain).ToList();
            if (names.Count > 0)
                text.Append($"; shows {string.Join(", ", names)}");
            foreach (var note in node.Panel.Notes)
                text.Append($"; {Plain(note)}");
            text.Append('.');
        }
        return text.ToString();
    }

    private static string Plain(string markup) => MathText.Parse(markup, 10).PlainText;
}
