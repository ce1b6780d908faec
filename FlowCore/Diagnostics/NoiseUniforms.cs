using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>What is uniform of the noise of events: F_χ²(|z|²) and, on demand, Φ of each column, with the sums behind the correlations of the columns.</summary>
/// <remarks>Rows go in chunks, blocks of them side by side; sums of blocks are added in their order, so the bits do not depend on the number of threads.</remarks>
internal sealed class NoiseUniforms<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkRows = 1 << 16;
    private const int BlockRows = 1024;

    private readonly NoiseWhitening<T> _whitening;
    private readonly int _features;
    private readonly double[][] _scratch;
    private readonly double[][] _blockSums;
    private readonly T[] _z;
    private int _start;
    private int _rows;

    private NoiseUniforms(DensityModel<T> model, int events, bool withColumns)
    {
        _whitening = NoiseWhitening<T>.Of(model.BaseDistribution);
        _features = model.NoiseFeatures;
        var rows = Math.Min(events, ChunkRows);
        _z = new T[rows * _features];
        _scratch = new double[model.Device.Workers][];
        for (var i = 0; i < _scratch.Length; i++)
            _scratch[i] = new double[_features];
        Radius = new double[events];
        Columns = withColumns ? new double[_features][] : [];
        for (var j = 0; j < Columns.Length; j++)
            Columns[j] = new double[events];

        // Σ w_j, Σ w_j w_k for k ≤ j, and the number of rows.
        var sums = withColumns ? _features + (_features * (_features + 1) / 2) + 1 : 0;
        Sums = new double[sums];
        _blockSums = new double[(rows + BlockRows - 1) / BlockRows][];
        for (var b = 0; b < _blockSums.Length; b++)
            _blockSums[b] = new double[sums];
    }

    /// <summary>F_χ²(|z|²) of each event.</summary>
    public double[] Radius { get; }

    /// <summary>Φ of each column, or none.</summary>
    public double[][] Columns { get; }

    private double[] Sums { get; }

    /// <summary>Computes them.</summary>
    public static NoiseUniforms<T> Of(DensityModel<T> model, ReadOnlySpan<T> y, Conditions<T> conditions, bool withColumns)
    {
        var events = y.Length / model.Features;
        var result = new NoiseUniforms<T>(model, events, withColumns);
        for (result._start = 0; result._start < events; result._start += ChunkRows)
        {
            result._rows = Math.Min(ChunkRows, events - result._start);
            model.ToNoise(
                y.Slice(result._start * model.Features, result._rows * model.Features),
                EventRows.Slice(model, conditions, result._start, result._rows, events),
                result._z.AsSpan(0, result._rows * result._features), default);
            var blocks = (result._rows + BlockRows - 1) / BlockRows;
            model.Device.Run(result, blocks);
            for (var b = 0; b < blocks; b++)
            {
                for (var i = 0; i < result.Sums.Length; i++)
                    result.Sums[i] += result._blockSums[b][i];
            }
        }

        return result;
    }

    /// <summary>The correlations of all pairs of columns; none for fewer than three events.</summary>
    public List<PairCorrelation> Correlations()
    {
        var pairs = new List<PairCorrelation>();
        if (Sums.Length == 0 || Sums[^1] < 3)
            return pairs;
        var n = Sums[^1];
        double Moment(int i, int j) => (Sums[_features + (i * (i + 1) / 2) + j] / n) - (Sums[i] / n * (Sums[j] / n));
        for (var i = 1; i < _features; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var correlation = Moment(i, j) / Math.Sqrt(Moment(i, i) * Moment(j, j));
                pairs.Add(PairCorrelation.Of(j, i, double.IsFinite(correlation) ? Math.Clamp(correlation, -1, 1) : 0, (long)n));
            }
        }

        return pairs;
    }

    void IParallelWork.Run(int item, int worker)
    {
        var white = _scratch[worker];
        var sums = _blockSums[item];
        Array.Clear(sums);
        var end = Math.Min((item + 1) * BlockRows, _rows);
        for (var row = item * BlockRows; row < end; row++)
        {
            _whitening.Apply(_z.AsSpan(row * _features, _features), white);
            var square = 0.0;
            foreach (var w in white)
                square += w * w;
            if (double.IsNaN(square))
                throw new ArithmeticException($"Expected noise that is a number, got NaN for event {_start + row}.");
            Radius[_start + row] = ChiSquareDistribution.Cdf(square, _features);
            if (Columns.Length == 0)
                continue;
            for (var j = 0; j < _features; j++)
                Columns[j][_start + row] = NormalDistribution.Cdf(white[j]);
            if (double.IsFinite(square))
                Add(white, sums);
        }
    }

    private static void Add(double[] white, double[] sums)
    {
        var next = white.Length;
        for (var i = 0; i < white.Length; i++)
        {
            sums[i] += white[i];
            for (var j = 0; j <= i; j++)
                sums[next++] += white[i] * white[j];
        }

        sums[^1]++;
    }
}
