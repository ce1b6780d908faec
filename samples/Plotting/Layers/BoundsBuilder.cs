namespace Plotting;

/// <summary>Collects the range of one axis from the data on it.</summary>
internal sealed class BoundsBuilder(bool log)
{
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private bool _padMin;
    private bool _padMax;

    public bool IsLog { get; } = log;

    public bool IsEmpty => !(_min <= _max);

    /// <summary>Takes a value in; <paramref name="pad"/> asks for some air if it turns out to be the outermost.</summary>
    public void Add(double value, bool pad)
    {
        if (!(Math.Abs(value) <= SampleStatistics.Largest) || (IsLog && !(value >= 1e-300)))
            return;
        if (value < _min || (value == _min && !pad))
            (_min, _padMin) = (value, pad);
        if (value > _max || (value == _max && !pad))
            (_max, _padMax) = (value, pad);
    }

    /// <summary>The range, with air where asked; never empty.</summary>
    public (double Min, double Max) Range(double air)
    {
        if (IsLog)
        {
            if (IsEmpty)
                return (0.1, 10);
            double low = Math.Log10(_min), high = Math.Log10(_max);
            var room = high - low < 1e-9 ? 0.5 : air * (high - low);
            var point = high - low < 1e-9;
            return (Math.Pow(10, Math.Max(low - (_padMin || point ? room : 0), -304)), Math.Pow(10, Math.Min(high + (_padMax || point ? room : 0), 304)));
        }
        var (min, max) = SampleStatistics.Widen(_min, _max);
        var widened = min != _min || max != _max;
        var span = max - min;
        return widened ? (min, max) : (min - (_padMin ? air * span : 0), max + (_padMax ? air * span : 0));
    }
}
