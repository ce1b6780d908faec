using FlowCore.Compute;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>
/// What is uniform of standard normal points: F_χ²(|w|²) of all columns and of groups of them and, on demand, Φ of each column, with the sums behind the
/// correlations of the columns.
/// </summary>
/// <remarks>Blocks of rows go side by side; their sums are added in order, so the bits do not depend on the number of threads.</remarks>
internal sealed class NoiseUniforms : IParallelWork
{
    private const int BlockRows = 1024;

    private readonly double[] _points;
    private readonly int _features;
    private readonly int _events;
    private readonly IReadOnlyList<NoiseFactor> _factors;
    private readonly double[][] _blockSums;
    private readonly double[] _sums;

    private NoiseUniforms(double[] points, int features, bool withColumns, IReadOnlyList<NoiseFactor> factors)
    {
        (_points, _features, _events, _factors) = (points, features, points.Length / features, factors);
        Radius = new double[_events];
        Factors = new double[factors.Count][];
        for (var f = 0; f < Factors.Length; f++)
            Factors[f] = new double[_events];
        Columns = withColumns ? new double[features][] : [];
        for (var j = 0; j < Columns.Length; j++)
            Columns[j] = new double[_events];

        // Σ w_j, Σ w_j w_k for k ≤ j, and the number of rows.
        var sums = withColumns ? features + (features * (features + 1) / 2) + 1 : 0;
        _sums = new double[sums];
        _blockSums = new double[(_events + BlockRows - 1) / BlockRows][];
    }

    /// <summary>F_χ²(|w|²) of each event.</summary>
    public double[] Radius { get; }

    /// <summary>The same of the columns of each factor.</summary>
    public double[][] Factors { get; }

    /// <summary>Φ of each column, or none.</summary>
    public double[][] Columns { get; }

    /// <summary>Computes them.</summary>
    /// <param name="device">Whose workers compute.</param>
    /// <param name="points">Row-major [n, features], no NaN.</param>
    /// <param name="features">The columns.</param>
    /// <param name="withColumns">Whether to take the columns one by one, too.</param>
    /// <param name="factors">Groups of columns, which exist.</param>
    public static NoiseUniforms Of(Device device, double[] points, int features, bool withColumns, IReadOnlyList<NoiseFactor> factors)
    {
        var result = new NoiseUniforms(points, features, withColumns, factors);
        device.Run(result, result._blockSums.Length);
        foreach (var block in result._blockSums)
        {
            for (var i = 0; i < result._sums.Length; i++)
                result._sums[i] += block[i];
        }

        return result;
    }

    /// <summary>The correlations of all pairs of columns; none for fewer than three events.</summary>
    public List<PairCorrelation> Correlations()
    {
        var pairs = new List<PairCorrelation>();
        if (_sums.Length == 0 || _sums[^1] < 3)
            return pairs;
        var n = _sums[^1];
        double Moment(int i, int j) => (_sums[_features + (i * (i + 1) / 2) + j] / n) - (_sums[i] / n * (_sums[j] / n));
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
        var sums = _blockSums[item] = new double[_sums.Length];
        var end = Math.Min((item + 1) * BlockRows, _events);
        for (var row = item * BlockRows; row < end; row++)
        {
            var white = _points.AsSpan(row * _features, _features);
            var square = Square(white);
            Radius[row] = ChiSquareDistribution.Cdf(square, _features);
            for (var f = 0; f < Factors.Length; f++)
                Factors[f][row] = ChiSquareDistribution.Cdf(Square(white.Slice(_factors[f].First, _factors[f].Count)), _factors[f].Count);
            if (Columns.Length == 0)
                continue;
            for (var j = 0; j < _features; j++)
                Columns[j][row] = NormalDistribution.Cdf(white[j]);
            if (double.IsFinite(square))
                Add(white, sums);
        }
    }

    private static double Square(ReadOnlySpan<double> white)
    {
        var square = 0.0;
        foreach (var w in white)
            square += w * w;
        return square;
    }

    private static void Add(ReadOnlySpan<double> white, double[] sums)
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
