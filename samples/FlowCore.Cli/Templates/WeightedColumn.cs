using FlowCore.Templates;

namespace FlowCore.Cli.Templates;

/// <summary>One feature of rows with weights, sorted: its quantiles and their errors.</summary>
internal sealed class WeightedColumn
{
    private readonly double[] _values;
    private readonly double[] _cumulative;
    private readonly double _effective;

    private WeightedColumn(double[] values, double[] weights)
    {
        Values = [.. values];
        Weights = [.. weights];
        Array.Sort(values, weights);
        _values = values;
        _cumulative = new double[weights.Length];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            squares += weights[i] * weights[i];
            _cumulative[i] = sum - (0.5 * weights[i]);
        }

        for (var i = 0; i < _cumulative.Length; i++)
            _cumulative[i] /= sum;
        _effective = sum * sum / squares;
    }

    /// <summary>The values as they came.</summary>
    public double[] Values { get; }

    /// <summary>Their weights.</summary>
    public double[] Weights { get; }

    /// <summary>A feature of a template.</summary>
    public static WeightedColumn Of(Template<float> template, int feature) => Of(template.Samples.Span, template.Features, feature, template.Weights.Span);

    /// <summary>A column of rows.</summary>
    public static WeightedColumn Of(ReadOnlySpan<float> rows, int columns, int column, ReadOnlySpan<float> weights = default)
    {
        var values = new double[rows.Length / columns];
        var given = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = rows[(i * columns) + column];
            given[i] = weights.IsEmpty ? 1 : weights[i];
        }

        return new WeightedColumn(values, given);
    }

    /// <summary>The value below which a share of the weight lies, between the middles of neighbouring rows.</summary>
    public double Quantile(double share)
    {
        var place = Array.BinarySearch(_cumulative, share);
        if (place >= 0)
            return _values[place];
        place = ~place;
        if (place == 0 || place == _values.Length)
            return _values[Math.Clamp(place, 0, _values.Length - 1)];
        var part = (share - _cumulative[place - 1]) / (_cumulative[place] - _cumulative[place - 1]);
        return _values[place - 1] + (part * (_values[place] - _values[place - 1]));
    }

    /// <summary>The standard error of a quantile: half the way between the quantiles one standard error of the share, √(p(1 − p)/n), below and above.</summary>
    public double ErrorOf(double share)
    {
        var error = Math.Sqrt(share * (1 - share) / _effective);
        return 0.5 * (Quantile(Math.Min(1, share + error)) - Quantile(Math.Max(0, share - error)));
    }
}
