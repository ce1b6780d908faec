using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>The content of the region where the density is above that of an event, by quadrature on a grid of the noise instead of draws; for one or two features.</summary>
/// <remarks>
/// <para>
/// The noise made standard normal is cut into cells between −5 and 5, whose content is known. Between the nodes of the grid ln q is taken as linear: on each
/// interval, or on each half of a square, so that the part above the event's ln q has a closed form. What is left is of the order h²; it is taken out by the same
/// sum on every other node (L. F. Richardson, 1911).
/// </para>
/// <para>An item is an event; its sums are its own, so nothing depends on threads.</para>
/// </remarks>
internal sealed class GridContents<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most features.</summary>
    public const int MostFeatures = 2;

    private const double Reach = 5;
    private const int ChunkNodes = 1 << 17;
    private const double Largest = 1e100;

    private readonly int _intervals;
    private readonly int _nodes;
    private readonly int _features;
    private readonly double[] _places;
    private readonly double[] _baseLog;
    private readonly T[] _logDensity;
    private readonly T[] _logDet;
    private readonly double[] _random;
    private readonly double[] _changes;
    private readonly double[][] _levels;
    private bool _isShared;
    private int _start;

    private GridContents(int intervals, double[] places, double[] baseLog, T[] logDensity, T[] logDet, int features, int workers)
    {
        (_intervals, _places, _baseLog, _logDensity, _logDet, _features) = (intervals, places, baseLog, logDensity, logDet, features);
        _nodes = baseLog.Length;
        _random = new double[logDensity.Length];
        Contents = new double[logDensity.Length];
        _changes = new double[logDensity.Length];
        _levels = new double[workers][];
        for (var w = 0; w < workers; w++)
            _levels[w] = new double[_nodes];
    }

    private double[] Contents { get; }

    /// <summary>The content of each event's region; equal densities are ordered at random.</summary>
    /// <returns>The contents, and what the grid's other nodes change of them at most.</returns>
    /// <exception cref="NotSupportedException">The distribution functions of the base are not known, or it depends on the conditions.</exception>
    public static (double[] Contents, double Change) Of(DensityModel<T> model, Conditions<T> conditions, T[] logDensity, CoverageOptions<T> options)
    {
        var whitening = NoiseWhitening<T>.Of(model.BaseDistribution);
        if (whitening.Encoder is not null)
            throw new NotSupportedException("Expected a base distribution that does not depend on the conditions for a grid of its noise; draws need none.");
        var (intervals, features) = (options.HighestDensityGrid, model.Features);
        var places = new double[intervals + 1];
        for (var i = 0; i <= intervals; i++)
            places[i] = Reach * (((2.0 * i) / intervals) - 1);
        var noise = Noise(whitening, places);
        var nodes = noise.Length / features;
        T[] baseLog;
        using (var evaluation = new BaseDistributionEvaluation<T>(model.BaseDistribution, model.Device, []))
            baseLog = evaluation.LogDensity(noise);
        var (context, nuisances) = (conditions.Context.ToArray(), conditions.Nuisances.ToArray());
        var isShared = context.Length == model.ContextFeatures && nuisances.Length == model.Nuisances;
        var chunk = isShared ? 1 : Math.Clamp(ChunkNodes / nodes, 1, logDensity.Length);
        var grid = new T[chunk * noise.Length];
        for (var i = 0; i < chunk; i++)
            noise.CopyTo(grid, i * noise.Length);
        var (points, logDet) = (new T[grid.Length], new T[chunk * nodes]);
        var result = new GridContents<T>(
            intervals, places, Array.ConvertAll(baseLog, log => double.CreateTruncating(log)), logDensity, logDet, features, model.Device.Workers) { _isShared = isShared };
        DiagnosticStream.Of(options.Seed).Substream(4).FillUniform<double>(result._random);
        var ownContext = new T[context.Length == model.ContextFeatures ? 0 : chunk * nodes * model.ContextFeatures];
        var ownNuisances = new T[nuisances.Length == model.Nuisances ? 0 : chunk * nodes * model.Nuisances];
        if (isShared)
        {
            model.FromNoise(grid, conditions, points, logDet);
            model.Device.Run(result, logDensity.Length);
            return (result.Contents, result._changes.Max());
        }

        for (result._start = 0; result._start < logDensity.Length; result._start += chunk)
        {
            var rows = Math.Min(chunk, logDensity.Length - result._start);
            var own = new Conditions<T>(
                EventRows.Repeat(context, model.ContextFeatures, result._start, rows, nodes, ownContext),
                EventRows.Repeat(nuisances, model.Nuisances, result._start, rows, nodes, ownNuisances));
            model.FromNoise(grid.AsSpan(0, rows * noise.Length), own, points.AsSpan(0, rows * noise.Length), logDet.AsSpan(0, rows * nodes));
            model.Device.Run(result, rows);
        }

        return (result.Contents, result._changes.Max());
    }

    void IParallelWork.Run(int item, int worker)
    {
        var row = _start + item;
        var log = double.CreateTruncating(_logDensity[row]);
        if (double.IsNaN(log))
            throw new ArithmeticException($"Expected a density of event {row}, got NaN.");
        var levels = _levels[worker];
        var logDet = _logDet.AsSpan(_isShared ? 0 : item * _nodes, _nodes);
        for (var i = 0; i < levels.Length; i++)
        {
            var level = _baseLog[i] - double.CreateTruncating(logDet[i]);
            levels[i] = double.IsNaN(level) ? throw new ArithmeticException($"Expected densities on the grid of event {row}, got NaN.") : Math.Clamp(level, -Largest, Largest);
        }

        // Where the density is flat, the event has any place among its equals.
        var tie = DensityTie.WidthOf<T>(log);
        var above = Content(levels, log + tie, out _changes[row]);
        var below = tie > 0 ? Content(levels, log - tie, out _) : above;
        Contents[row] = Math.Clamp(above + (_random[row] * (below - above)), 0, 1);
    }

    // The noise of all nodes: of two features the first is that of the row of the grid.
    private static T[] Noise(NoiseWhitening<T> whitening, double[] places)
    {
        var features = whitening.Features;
        var count = places.Length;
        var noise = new T[features * (features == 1 ? count : count * count)];
        for (var i = 0; i < count; i++)
        {
            var first = Solve(whitening, places[i], 0, T.Zero);
            if (features == 1)
            {
                noise[i] = first;
                continue;
            }

            for (var j = 0; j < count; j++)
            {
                noise[2 * ((i * count) + j)] = first;
                noise[(2 * ((i * count) + j)) + 1] = Solve(whitening, places[j], 1, first);
            }
        }

        return noise;
    }

    // Feature k of the noise whose white number is w, by bisection: the map is monotone, feature by feature.
    private static T Solve(NoiseWhitening<T> whitening, double w, int feature, T first)
    {
        Span<T> z = stackalloc T[MostFeatures];
        Span<double> white = stackalloc double[MostFeatures];
        var scratch = new double[whitening.ScratchLength];
        z[0] = first;
        var (low, high) = (w - 1, w + 1);
        for (var step = 1.0; At(low, z, white) > w; step *= 2)
            low -= step;
        for (var step = 1.0; At(high, z, white) < w; step *= 2)
            high += step;
        for (var i = 0; i < 60; i++)
        {
            var middle = low + (0.5 * (high - low));
            (low, high) = At(middle, z, white) < w ? (middle, high) : (low, middle);
        }

        return T.CreateTruncating(high);

        double At(double value, Span<T> z, Span<double> white)
        {
            z[feature] = T.CreateTruncating(value);
            whitening.Apply(z[..whitening.Features], white[..whitening.Features], scratch);
            return white[feature];
        }
    }

    private double Content(double[] levels, double level, out double change)
    {
        change = 0;
        if (double.IsInfinity(level))
            return level < 0 ? 1 : 0;
        var fine = Share(levels, level, 1);
        var difference = fine - Share(levels, level, 2);
        change = Math.Abs(difference);
        return fine + (difference / 3);
    }

    // The share of the content of all cells that is above a level, on every stride-th node.
    private double Share(double[] levels, double level, int stride)
    {
        var (inside, all) = (0.0, 0.0);
        for (var i = 0; i < _intervals; i += stride)
        {
            var width = Between(_places[i], _places[i + stride]);
            if (_features == 1)
            {
                all += width;
                inside += Interval(i, i + stride, levels[i] - level, levels[i + stride] - level);
                continue;
            }

            for (var j = 0; j < _intervals; j += stride)
            {
                var content = width * Between(_places[j], _places[j + stride]);
                all += content;
                var (near, far) = ((i * (_intervals + 1)) + j, ((i + stride) * (_intervals + 1)) + j);
                var (a, b, c, d) = (levels[near] - level, levels[near + stride] - level, levels[far] - level, levels[far + stride] - level);
                inside += 0.5 * content * (Triangle(a, b, c) + Triangle(d, b, c));
            }
        }

        return inside / all;
    }

    private double Interval(int left, int right, double a, double b)
    {
        var (from, to) = (_places[left], _places[right]);
        if (a <= 0 && b <= 0)
            return 0;
        if (a > 0 && b > 0)
            return Between(from, to);
        var crossing = from + ((to - from) * (a / (a - b)));
        return a > 0 ? Between(from, crossing) : Between(crossing, to);
    }

    // The share of a triangle where a linear function of these values at its corners is positive.
    private static double Triangle(double a, double b, double c)
    {
        var positive = (a > 0 ? 1 : 0) + (b > 0 ? 1 : 0) + (c > 0 ? 1 : 0);
        if (positive is 0 or 3)
            return positive / 3;

        // The corner whose sign is its own.
        var isOne = positive == 1;
        if (b > 0 == isOne)
            (a, b) = (b, a);
        else if (c > 0 == isOne)
            (a, c) = (c, a);
        var share = a / (a - b) * (a / (a - c));
        return isOne ? share : 1 - share;
    }

    private static double Between(double from, double to) => NormalDistribution.Cdf(to) - NormalDistribution.Cdf(from);
}
