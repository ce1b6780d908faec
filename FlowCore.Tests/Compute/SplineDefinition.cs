using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The spline as its definition reads, in double and with arrays: what the kernels are compared with.</summary>
internal sealed class SplineDefinition
{
    private readonly SplineSettings _settings;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _d;

    public SplineDefinition(SplineSettings settings, ReadOnlySpan<double> parameters)
    {
        _settings = settings;
        var bins = settings.Bins;
        var softmax = settings.Parametrization == SplineParametrization.Softmax;
        var limit = Math.Abs(Math.Log(settings.Slope));
        _x = Knots(parameters[..bins], softmax ? null : limit, settings.LogitScale, settings.MinimumWidth, settings.Lower, settings.Upper);
        _y = Knots(parameters.Slice(bins, bins), softmax ? null : limit, settings.LogitScale, settings.MinimumHeight, settings.LowerImage, settings.UpperImage);
        _d = new double[bins + 1];
        _d[0] = settings.LowerSlope;
        _d[bins] = settings.UpperSlope;
        var raw = parameters[(2 * bins)..];
        var first = settings.Ends == SplineEnds.Given ? 1 : 0;
        for (var i = 0; i < raw.Length; i++)
        {
            _d[i + first] = softmax
                ? settings.MinimumSlope + Math.Max(raw[i], 0) + Math.Log(1 + Math.Exp(-Math.Abs(raw[i])))
                : Math.Exp(raw[i] / (1 + (Math.Abs(raw[i]) / limit)));
        }

        if (settings.Ends == SplineEnds.Tied)
            _d[bins] = _d[0];
    }

    public IReadOnlyList<double> KnotsX => _x;

    public (double Y, double LogDerivative) Forward(double x)
    {
        if (Outside(x, _x, _y, inverse: false, out var result))
            return result;
        if (_settings.Tails == SplineTails.Circular)
        {
            var turns = Turns(x, _x);
            var (value, logDerivative) = InBin(x - (turns * (_x[^1] - _x[0])));
            return (value + (turns * (_y[^1] - _y[0])), logDerivative);
        }

        return InBin(x);
    }

    public (double X, double LogDerivative) Inverse(double y)
    {
        if (Outside(y, _y, _x, inverse: true, out var result))
            return result;
        var turns = _settings.Tails == SplineTails.Circular ? Turns(y, _y) : 0;
        y -= turns * (_y[^1] - _y[0]);
        var k = Bin(_y, y);
        var (w, h) = (_x[k + 1] - _x[k], _y[k + 1] - _y[k]);
        var s = h / w;
        var u = y - _y[k];
        var bend = _d[k] + _d[k + 1] - (2 * s);
        var a = (h * (s - _d[k])) + (u * bend);
        var b = (h * _d[k]) - (u * bend);
        var c = -s * u;
        var r = 2 * c / (-b - Math.Sqrt((b * b) - (4 * a * c)));
        var x = _x[k] + (r * w);
        return (x + (turns * (_x[^1] - _x[0])), -InBin(Math.Clamp(x, Math.BitIncrement(_x[k]), _x[k + 1])).LogDerivative);
    }

    private (double Y, double LogDerivative) InBin(double x)
    {
        var k = Bin(_x, x);
        var (w, h, r) = (_x[k + 1] - _x[k], _y[k + 1] - _y[k], (x - _x[k]) / (_x[k + 1] - _x[k]));
        var s = h / w;
        var q = s + ((_d[k] + _d[k + 1] - (2 * s)) * r * (1 - r));
        var y = _y[k] + (h * ((s * r * r) + (_d[k] * r * (1 - r))) / q);
        var derivative = s * s * ((2 * s * r * (1 - r)) + (_d[k] * (1 - r) * (1 - r)) + (_d[k + 1] * r * r)) / (q * q);
        return (y, Math.Log(derivative));
    }

    private bool Outside(double x, double[] knots, double[] images, bool inverse, out (double Value, double LogDerivative) result)
    {
        result = (x, double.NegativeInfinity);
        if (_settings.Tails == SplineTails.Circular || (x >= knots[0] && x <= knots[^1]))
            return false;
        if (_settings.Tails == SplineTails.None)
            return true;
        var end = x < knots[0] ? 0 : knots.Length - 1;
        var slope = inverse ? 1 / _d[end] : _d[end];
        result = (images[end] + (slope * (x - knots[end])), Math.Log(slope));
        return true;
    }

    private static double Turns(double x, double[] knots) =>
        x >= knots[0] && x <= knots[^1] ? 0 : Math.Floor((x - knots[0]) / (knots[^1] - knots[0]));

    // Without a limit: softmax with a least part.
    private static double[] Knots(ReadOnlySpan<double> raw, double? limit, double scale, double least, double lower, double upper)
    {
        var weights = new double[raw.Length];
        var largest = double.NegativeInfinity;
        foreach (var number in raw)
            largest = Math.Max(largest, number);
        var sum = 0.0;
        for (var i = 0; i < raw.Length; i++)
            sum += weights[i] = Math.Exp(limit is { } rate ? raw[i] / (1 + (2 * Math.Abs(raw[i]) / rate)) : scale * (raw[i] - largest));
        var knots = new double[raw.Length + 1];
        var running = 0.0;
        knots[0] = lower;
        for (var i = 0; i < raw.Length; i++)
        {
            running += limit is null ? least + ((1 - (raw.Length * least)) * weights[i] / sum) : weights[i] / sum;
            knots[i + 1] = lower + ((upper - lower) * running);
        }

        knots[^1] = upper;
        return knots;
    }

    // The side on which a knot lies makes no difference to values and slopes.
    private static int Bin(double[] knots, double x)
    {
        var below = 0;
        foreach (var knot in knots)
            below += knot < x ? 1 : 0;
        return Math.Clamp(below - 1, 0, knots.Length - 2);
    }
}
