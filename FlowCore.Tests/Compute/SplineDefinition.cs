using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The spline as its definition reads, in double and with arrays: what the kernels are compared with.</summary>
internal sealed class SplineDefinition
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _d;

    public SplineDefinition(SplineSettings settings, ReadOnlySpan<double> parameters)
    {
        var bins = settings.Bins;
        var limit = Math.Abs(Math.Log(settings.Slope));
        _x = Knots(parameters[..bins], limit, settings.Bound);
        _y = Knots(parameters.Slice(bins, bins), limit, settings.Bound);
        _d = new double[bins + 1];
        _d[0] = 1;
        _d[bins] = 1;
        for (var i = 1; i < bins; i++)
        {
            var raw = parameters[(2 * bins) + i - 1];
            _d[i] = Math.Exp(raw / (1 + (Math.Abs(raw) / limit)));
        }
    }

    public IReadOnlyList<double> KnotsX => _x;

    public (double Y, double LogDerivative) Forward(double x)
    {
        var k = Bin(_x, x);
        if (k < 0 || k >= _x.Length - 1)
            return (x, 0);
        var (w, h, r) = (_x[k + 1] - _x[k], _y[k + 1] - _y[k], (x - _x[k]) / (_x[k + 1] - _x[k]));
        var s = h / w;
        var q = s + ((_d[k] + _d[k + 1] - (2 * s)) * r * (1 - r));
        var y = _y[k] + (h * ((s * r * r) + (_d[k] * r * (1 - r))) / q);
        var derivative = s * s * ((2 * s * r * (1 - r)) + (_d[k] * (1 - r) * (1 - r)) + (_d[k + 1] * r * r)) / (q * q);
        return (y, Math.Log(derivative));
    }

    public (double X, double LogDerivative) Inverse(double y)
    {
        var k = Bin(_y, y);
        if (k < 0 || k >= _x.Length - 1)
            return (y, 0);
        var (w, h) = (_x[k + 1] - _x[k], _y[k + 1] - _y[k]);
        var s = h / w;
        var u = y - _y[k];
        var bend = _d[k] + _d[k + 1] - (2 * s);
        var a = (h * (s - _d[k])) + (u * bend);
        var b = (h * _d[k]) - (u * bend);
        var c = -s * u;
        var r = 2 * c / (-b - Math.Sqrt((b * b) - (4 * a * c)));
        var x = _x[k] + (r * w);
        return (x, -Forward(Math.Clamp(x, Math.BitIncrement(_x[k]), _x[k + 1])).LogDerivative);
    }

    private static double[] Knots(ReadOnlySpan<double> raw, double limit, double bound)
    {
        var weights = new double[raw.Length];
        var sum = 0.0;
        for (var i = 0; i < raw.Length; i++)
            sum += weights[i] = Math.Exp(raw[i] / (1 + (2 * Math.Abs(raw[i]) / limit)));
        var knots = new double[raw.Length + 1];
        var running = 0.0;
        knots[0] = -bound;
        for (var i = 0; i < raw.Length; i++)
        {
            running += weights[i] / sum;
            knots[i + 1] = bound * ((2 * running) - 1);
        }

        return knots;
    }

    private static int Bin(double[] knots, double x)
    {
        var below = 0;
        foreach (var knot in knots)
            below += knot < x ? 1 : 0;
        return below - 1;
    }
}
