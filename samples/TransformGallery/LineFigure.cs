using FlowCore.Transforms;
using Plotting;

namespace TransformGallery;

/// <summary>Maps of one number: the value beside the slope.</summary>
internal sealed class LineFigure
{
    private const int Points = 241;
    private const double PanelSide = 215;

    private readonly Figure _figure;
    private readonly double _from;
    private readonly double _to;
    private readonly bool _hasLegend;

    /// <summary>Begins a figure.</summary>
    /// <param name="title">What is drawn.</param>
    /// <param name="from">The least x.</param>
    /// <param name="to">The greatest x.</param>
    /// <param name="lowest">The lower end of the values; null for that of the data.</param>
    /// <param name="highest">The upper end of the values.</param>
    /// <param name="steepest">The upper end of the slopes; null for that of the data.</param>
    /// <param name="hasLegend">Whether the curves have names.</param>
    public LineFigure(string title, double from, double to, double? lowest = null, double? highest = null, double? steepest = null, bool hasLegend = false)
    {
        (_from, _to, _hasLegend) = (from, to, hasLegend);
        _figure = new Figure(title, 1, 2).PanelSize(PanelSide, PanelSide);
        if (hasLegend)
            _figure.SharedLegend();
        var dashed = new PlotStyle(PlotColor.Muted, Width: 1, Dash: DashStyle.Dashed);
        _figure.Panel(0, 0).XLabel("$x$").YLabel("$z = \\tau(x)$").XRange(from, to).YRange(lowest, highest).Line([from, to], [from, to], hasLegend ? "$z = x$" : null, dashed);
        _figure.Panel(0, 1).XLabel("$x$").YLabel("$\\partial z / \\partial x$").XRange(from, to).YRange(0, steepest).HorizontalLine(1, style: dashed);
    }

    /// <summary>Adds a curve.</summary>
    /// <param name="transform">A transform of one feature.</param>
    /// <param name="label">Its name; null for none.</param>
    /// <param name="reach">By how much its parameters move from their start.</param>
    /// <param name="seed">The seed of what they move by.</param>
    /// <param name="raw">The numbers of its first parameter instead.</param>
    /// <param name="conditions">The conditions of all rows.</param>
    /// <returns>This figure.</returns>
    public LineFigure Curve(Transform<double> transform, string? label = null, double reach = 0, ulong seed = 0, double[]? raw = null, params ReadOnlySpan<double> conditions)
    {
        using var prepared = new PreparedTransform(transform, reach, seed);
        if (raw is not null)
            prepared.With(0, raw);
        var x = new double[Points];
        var given = new double[Points * conditions.Length];
        for (var i = 0; i < Points; i++)
        {
            // Midpoints: open ends of a domain have no image.
            x[i] = _from + ((_to - _from) * (i + 0.5) / Points);
            conditions.CopyTo(given.AsSpan(i * conditions.Length));
        }

        var (z, logSlope) = prepared.Forward(x, given);
        var slope = new double[Points];
        for (var i = 0; i < Points; i++)
        {
            // Outside of the domain there is nothing to draw; a step of the value breaks the line.
            slope[i] = double.IsNegativeInfinity(logSlope[i]) ? double.NaN : Math.Exp(logSlope[i]);
            if (double.IsNaN(slope[i]) || (i > 0 && z[i] < z[i - 1]))
                z[i] = double.NaN;
        }

        _figure.Panel(0, 0).Line(x, z, _hasLegend ? label : null);
        _figure.Panel(0, 1).Line(x, slope, _hasLegend ? label : null);
        return this;
    }

    /// <summary>The figure.</summary>
    public Figure Done() => _figure;
}
