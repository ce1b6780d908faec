using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>The ranks of events among draws of the model at their conditions, as uniform numbers.</summary>
/// <remarks>
/// A rank r of L draws becomes u = (r + U) / (L + 1) with a random U; where t draws are equal to the event, U is stretched over the t + 1 ranks that it may have.
/// So u is exactly uniform under the null, whatever L and the bins. Draw l of event i is row i L + l of the stream: nothing depends on chunks or threads.
/// </remarks>
internal sealed class DrawRanks<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkDraws = 1 << 17;
    private const double IntervalTail = 0.5 * (1 - 0.6826894921370859);

    private readonly DensityModel<T> _model;
    private readonly CoverageOptions<T> _options;
    private readonly T[] _y;
    private readonly T[] _logDensity;
    private readonly T[] _context;
    private readonly T[] _nuisances;
    private readonly int _events;
    private readonly int _draws;
    private readonly int _features;
    private readonly T[] _drawn;
    private readonly T[] _drawnLog;
    private readonly T[] _references;
    private readonly double[] _scale;
    private readonly double[] _random;
    private readonly double[] _widths;
    private readonly double[][] _scratch;
    private readonly T[][] _conditionRow;
    private int _start;

    private DrawRanks(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions, T[] logDensity, CoverageOptions<T> options)
    {
        (_model, _options, _logDensity) = (model, options, logDensity);
        (_features, _draws, _events) = (model.Features, options.Draws, logDensity.Length);
        (_y, _context, _nuisances) = (y.ToArray(), conditions.Context.ToArray(), conditions.Nuisances.ToArray());
        ChunkEvents = Math.Clamp(ChunkDraws / _draws, 1, _events);
        _drawn = new T[checked(ChunkEvents * _draws * _features)];
        _drawnLog = new T[ChunkEvents * _draws];
        _widths = new double[_events * _features];
        var stream = DiagnosticStream.Of(options.Seed);
        Uniforms = new double[2 + _features + options.Functionals.Count][];
        for (var i = 0; i < Uniforms.Length; i++)
            Uniforms[i] = new double[_events];
        _random = new double[Uniforms.Length * _events];
        stream.Substream(1).FillUniform<double>(_random);
        _scale = new double[_features];
        _references = References(stream.Substream(2));
        _scratch = new double[model.Device.Workers][];
        _conditionRow = new T[model.Device.Workers][];
        for (var i = 0; i < _scratch.Length; i++)
            (_scratch[i], _conditionRow[i]) = (new double[_draws], new T[model.ConditionColumns]);
    }

    /// <summary>u of the highest density, of TARP, of the coordinates, of the functionals.</summary>
    public double[][] Uniforms { get; }

    private int ChunkEvents { get; }

    /// <summary>Draws and ranks.</summary>
    public static DrawRanks<T> Of(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions, T[] logDensity, CoverageOptions<T> options)
    {
        var ranks = new DrawRanks<T>(model, y, conditions, logDensity, options);
        ranks.RunAll();
        return ranks;
    }

    /// <summary>The mean width of the central 68.27 % interval of each coordinate.</summary>
    public double[] IntervalSizes()
    {
        var sizes = new double[_features];
        for (var i = 0; i < _widths.Length; i++)
            sizes[i % _features] += _widths[i] / _events;
        return sizes;
    }

    void IParallelWork.Run(int item, int worker)
    {
        var row = _start + item;
        var event0 = _y.AsSpan(row * _features, _features);
        var logs = _drawnLog.AsSpan(item * _draws, _draws);
        var draws = _drawn.AsSpan(item * _draws * _features, _draws * _features);
        Uniforms[0][row] = DensityRank(double.CreateTruncating(_logDensity[row]), logs, row);
        var scratch = _scratch[worker];
        var reference = _references.AsSpan(row * _features, _features);
        for (var l = 0; l < _draws; l++)
            scratch[l] = Distance(draws.Slice(l * _features, _features), reference);
        Uniforms[1][row] = Rank(Distance(event0, reference), scratch, 1, row);
        for (var k = 0; k < _features; k++)
        {
            for (var l = 0; l < _draws; l++)
                scratch[l] = double.CreateTruncating(draws[(l * _features) + k]);
            Uniforms[2 + k][row] = Rank(double.CreateTruncating(event0[k]), scratch, 2 + k, row);
            Array.Sort(scratch);
            _widths[(row * _features) + k] = At(scratch, 1 - IntervalTail) - At(scratch, IntervalTail);
        }

        if (_options.Functionals.Count == 0)
            return;
        var conditions = _conditionRow[worker];
        EventRows.Row<T>(_context, _model.ContextFeatures, row).CopyTo(conditions);
        EventRows.Row<T>(_nuisances, _model.Nuisances, row).CopyTo(conditions.AsSpan(_model.ContextFeatures));
        for (var f = 0; f < _options.Functionals.Count; f++)
        {
            var functional = _options.Functionals[f].Functional;
            for (var l = 0; l < _draws; l++)
                scratch[l] = functional(draws.Slice(l * _features, _features), conditions);
            var test = 2 + _features + f;
            Uniforms[test][row] = Rank(functional(event0, conditions), scratch, test, row);
        }
    }

    private void RunAll()
    {
        var stream = DiagnosticStream.Of(_options.Seed).Substream(0);
        var context = new T[_context.Length == _model.ContextFeatures ? 0 : ChunkEvents * _draws * _model.ContextFeatures];
        var nuisances = new T[_nuisances.Length == _model.Nuisances ? 0 : ChunkEvents * _draws * _model.Nuisances];
        for (_start = 0; _start < _events; _start += ChunkEvents)
        {
            var rows = Math.Min(ChunkEvents, _events - _start);
            var conditions = new Conditions<T>(
                EventRows.Repeat(_context, _model.ContextFeatures, _start, rows, _draws, context),
                EventRows.Repeat(_nuisances, _model.Nuisances, _start, rows, _draws, nuisances));
            _model.Sample(
                stream, (ulong)_start * (ulong)_draws, conditions, _drawn.AsSpan(0, rows * _draws * _features), _drawnLog.AsSpan(0, rows * _draws));
            _model.Device.Run(this, rows);
        }
    }

    // The points of the user, or points in the box of the events, a standard deviation wider on each side so that a single event has one, too.
    private T[] References(RandomStream stream)
    {
        var references = _options.References.ToArray();
        var isBlind = references.Length == 0;
        if (isBlind)
        {
            references = new T[_events * _features];
            stream.FillUniform<T>(references);
        }

        for (var k = 0; k < _features; k++)
        {
            // Events at infinity, which a model may let pass, have no part in it.
            var (finite, sum, squares, least, greatest) = (0, 0.0, 0.0, double.PositiveInfinity, double.NegativeInfinity);
            for (var i = 0; i < _events; i++)
            {
                var value = double.CreateTruncating(_y[(i * _features) + k]);
                if (!double.IsFinite(value))
                    continue;
                finite++;
                sum += value;
                (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
            }

            for (var i = 0; i < _events; i++)
            {
                var deviation = double.CreateTruncating(_y[(i * _features) + k]) - (sum / finite);
                squares += double.IsFinite(deviation) ? deviation * deviation : 0;
            }

            if (finite == 0)
                (least, greatest) = (0, 0);
            var width = Math.Sqrt(squares / finite);
            width = width > 0 && double.IsFinite(width) ? width : 1;
            _scale[k] = 1 / width;
            if (!isBlind)
                continue;
            for (var i = 0; i < _events; i++)
            {
                ref var reference = ref references[(i * _features) + k];
                reference = T.CreateTruncating(least - width + (double.CreateTruncating(reference) * (greatest - least + (2 * width))));
            }
        }

        return references;
    }

    private double Distance(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            var difference = (double.CreateTruncating(a[k]) - double.CreateTruncating(b[k])) * _scale[k];
            sum += difference * difference;
        }

        return sum;
    }

    private static double At(double[] sorted, double share) => sorted[Math.Clamp((int)(share * sorted.Length), 0, sorted.Length - 1)];

    private double DensityRank(double log, ReadOnlySpan<T> logs, int row)
    {
        if (double.IsNaN(log))
            throw new ArithmeticException($"Expected a density of event {row}, got NaN.");
        var tie = DensityTie.WidthOf<T>(log);
        var (above, equal) = (0, 0);
        foreach (var drawn in logs)
        {
            var other = double.CreateTruncating(drawn);
            if (double.IsNaN(other))
                throw new ArithmeticException($"Expected densities of the draws at event {row}, got NaN.");
            if (other == log || Math.Abs(other - log) <= tie)
                equal++;
            else if (other > log)
                above++;
        }

        return Uniform(above, equal, 0, row);
    }

    private double Rank(double value, double[] drawn, int test, int row)
    {
        var (below, equal) = (0, 0);
        foreach (var other in drawn)
        {
            if (double.IsNaN(other))
                throw new ArithmeticException($"Expected numbers of the draws at event {row}, got NaN.");
            below += other < value ? 1 : 0;
            equal += other == value ? 1 : 0;
        }

        return double.IsNaN(value)
            ? throw new ArithmeticException($"Expected a number of event {row}, got NaN.")
            : Uniform(below, equal, test, row);
    }

    private double Uniform(int rank, int ties, int test, int row) =>
        (rank + (_random[(row * Uniforms.Length) + test] * (ties + 1))) / (_draws + 1);
}
