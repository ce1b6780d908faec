using System.Globalization;
using System.Text;

namespace Plotting;

/// <summary>
/// Writes SVG path data in tenths of a pixel. Positions are rounded before differences are taken, so relative commands do not drift.
/// </summary>
internal sealed class PathBuilder
{
    private readonly StringBuilder _text = new();
    private long _x;
    private long _y;
    private long _startX;
    private long _startY;
    private char _command;

    public bool IsEmpty => _text.Length == 0;

    public void MoveTo(PlotPoint p)
    {
        var (x, y) = Round(p);
        if (_text.Length == 0)
            Write('M', x, y);
        else
            Write('m', x - _x, y - _y);
        (_x, _y, _startX, _startY) = (x, y, x, y);
    }

    public void LineTo(PlotPoint p, bool keepEmpty = false)
    {
        var (x, y) = Round(p);
        long dx = x - _x, dy = y - _y;
        if (dx == 0 && dy == 0 && !keepEmpty)
            return;
        if (dy == 0)
            Write('h', dx);
        else if (dx == 0)
            Write('v', dy);
        else
            Write('l', dx, dy);
        (_x, _y) = (x, y);
    }

    public void Close()
    {
        _text.Append('z');
        _command = 'z';
        (_x, _y) = (_startX, _startY);
    }

    public void Polyline(IReadOnlyList<PlotPoint> points, bool closed)
    {
        if (points.Count == 0)
            return;
        MoveTo(points[0]);
        // Two equal points are a dot and must be written; elsewhere steps of no length say nothing.
        var dot = points.Count == 2 && points[0] == points[1];
        for (var i = 1; i < points.Count; i++)
            LineTo(points[i], keepEmpty: dot);
        if (closed)
            Close();
    }

    public override string ToString() => _text.ToString();

    private static (long X, long Y) Round(PlotPoint p) =>
        ((long)Math.Round(p.X * 10, MidpointRounding.AwayFromZero), (long)Math.Round(p.Y * 10, MidpointRounding.AwayFromZero));

    private void Write(char command, params ReadOnlySpan<long> tenths)
    {
        // Coordinates that follow a move are lines, so every move is written out; other commands repeat silently.
        var repeat = command == _command && command is not ('m' or 'M');
        if (!repeat)
            _text.Append(command);
        for (var i = 0; i < tenths.Length; i++)
        {
            var number = Number(tenths[i]);
            // A sign separates numbers by itself; so does a second decimal point, but only if the number before had one.
            var first = i == 0 && !repeat;
            if (!first && number[0] != '-' && !(number[0] == '.' && LastNumberHasPoint()))
                _text.Append(' ');
            _text.Append(number);
        }
        _command = command;
    }

    private bool LastNumberHasPoint()
    {
        for (var i = _text.Length - 1; i >= 0; i--)
        {
            var c = _text[i];
            if (c == '.')
                return true;
            if (!char.IsAsciiDigit(c))
                return false;
        }
        return false;
    }

    private static string Number(long tenths)
    {
        long whole = Math.Abs(tenths) / 10, digit = Math.Abs(tenths) % 10;
        var sign = tenths < 0 ? "-" : "";
        var integer = whole == 0 && digit != 0 ? "" : whole.ToString(CultureInfo.InvariantCulture);
        return digit == 0 ? sign + integer : sign + integer + "." + (char)('0' + digit);
    }
}
