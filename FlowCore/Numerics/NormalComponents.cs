using System.Numerics.Tensors;
using FlowCore.Random;

namespace FlowCore.Numerics;

/// <summary>Weights, means and factors of K normal distributions, moved to the greatest likelihood of weighted rows by expectation maximisation.</summary>
/// <remarks>
/// <para>Dempster, Laird and Rubin 1977; Bishop 2006, "Pattern recognition and machine learning", section 9.2.2. In double precision. Not thread-safe.</para>
/// <para>
/// Rows come as columns, one array a feature, and are taken in blocks: a lane holds a row, so that the triangular solves of a block are products of a number and a column, and the
/// sums of a component dot products. The remainder is a shorter block.
/// </para>
/// </remarks>
internal sealed class NormalComponents
{
    private const int BlockRows = 512;

    // What keeps a component from shrinking to a point, in units of the rows' own variances.
    private const double RelativeFloor = 1e-6;

    private readonly double[] _overall;
    private readonly double[] _logTerms;
    private readonly double[] _centred;
    private readonly double[] _total = new double[BlockRows];
    private readonly double[] _scratch = new double[BlockRows];
    private readonly double[] _mass;
    private readonly double[] _first;
    private readonly double[] _second;

    /// <summary>Starts with the rows around K centres of <see cref="KMeans"/>.</summary>
    /// <param name="rows">Row-major [n, D].</param>
    /// <param name="overall">The factor of the covariance of all rows, of full rank.</param>
    /// <param name="features">D.</param>
    /// <param name="components">K.</param>
    /// <param name="stream">Where the first centres come from.</param>
    /// <exception cref="ArgumentException">There are fewer different rows than components.</exception>
    public NormalComponents(double[] rows, double[] overall, int features, int components, RandomStream stream)
        : this(features, components, overall)
    {
        var clusters = KMeans.Cluster<double>(rows, features, components, stream);
        for (var k = 0; k < components; k++)
        {
            var own = KMeans.RowsOf<double>(rows, features, clusters, k);
            LogWeights[k] = Math.Log((double)own.Length / rows.Length);
            var mean = DataMoments.Mean<double>(own, features);
            mean.CopyTo(Means, k * features);
            SetFactor(k, DataMoments.Covariance<double>(own, mean));
        }
    }

    private NormalComponents(int features, int components, double[] overall)
    {
        (Features, Components, _overall) = (features, components, overall);
        (LogWeights, Means, Factors) = (new double[components], new double[components * features], new double[components * features * features]);
        (_logTerms, _centred) = (new double[components * BlockRows], new double[features * BlockRows]);
        (_mass, _first, _second) = (new double[components], new double[Means.Length], new double[Factors.Length]);
    }

    /// <summary>D.</summary>
    public int Features { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>ln of the weights.</summary>
    public double[] LogWeights { get; }

    /// <summary>The means, [K, D].</summary>
    public double[] Means { get; }

    /// <summary>The lower triangular factors L of the covariances L Lᵀ, [K, D, D].</summary>
    public double[] Factors { get; }

    /// <summary>The mean of ln p over rows.</summary>
    /// <param name="columns">One array a feature.</param>
    /// <param name="weights">Of the rows; empty for ones.</param>
    public double MeanLogDensity(double[][] columns, double[] weights) => Pass(columns, weights, collects: false);

    /// <summary>Steps of expectation maximisation, until one gains less than the tolerance.</summary>
    /// <param name="columns">One array a feature.</param>
    /// <param name="weights">Of the rows; empty for ones.</param>
    /// <param name="most">The most steps.</param>
    /// <param name="tolerance">In nats a row.</param>
    public void Maximise(double[][] columns, double[] weights, int most, double tolerance)
    {
        var last = double.NegativeInfinity;
        for (var step = 0; step < most; step++)
        {
            var mean = Pass(columns, weights, collects: true);
            if (mean - last < tolerance)
                return;
            last = mean;
            Move();
        }
    }

    /// <summary>The same without a component; its rows are the others'.</summary>
    /// <param name="component">Which, of at least two.</param>
    public NormalComponents Without(int component)
    {
        var rest = new NormalComponents(Features, Components - 1, _overall);
        var (square, share) = (Features * Features, Math.Log(1 - Math.Exp(LogWeights[component])));
        for (var k = 0; k < rest.Components; k++)
        {
            var old = k < component ? k : k + 1;
            rest.LogWeights[k] = LogWeights[old] - share;
            Means.AsSpan(old * Features, Features).CopyTo(rest.Means.AsSpan(k * Features));
            Factors.AsSpan(old * square, square).CopyTo(rest.Factors.AsSpan(k * square));
        }

        return rest;
    }

    // One pass over the rows: ln p of each, and the sums of γ, γ (x − μ) and γ (x − μ)(x − μ)ᵀ of each component where they are wanted.
    private double Pass(double[][] columns, double[] weights, bool collects)
    {
        Array.Clear(_mass);
        Array.Clear(_first);
        Array.Clear(_second);
        var count = columns[0].Length;
        var (sum, mass) = (0.0, weights.Length == 0 ? count : TensorPrimitives.Sum<double>(weights));
        for (var start = 0; start < count; start += BlockRows)
        {
            var rows = Math.Min(BlockRows, count - start);
            var ownWeights = weights.Length == 0 ? default : weights.AsSpan(start, rows);
            for (var k = 0; k < Components; k++)
                LogTerm(columns, start, rows, k);
            sum += Normalise(rows, ownWeights);
            for (var k = 0; k < Components && collects; k++)
                Collect(columns, start, rows, k, ownWeights);
        }

        return sum / mass;
    }

    private Span<double> Term(int k, int rows) => _logTerms.AsSpan(k * BlockRows, rows);

    private Span<double> Centred(int i, int rows) => _centred.AsSpan(i * BlockRows, rows);

    // ln w − Σ ln L_ii − ½|u|² − ½D ln 2π with L u = x − μ.
    private void LogTerm(double[][] columns, int start, int rows, int k)
    {
        var term = Term(k, rows);
        var squares = _scratch.AsSpan(0, rows);
        squares.Clear();
        var constant = LogWeights[k] - (0.5 * Features * Math.Log(2 * Math.PI));
        for (var i = 0; i < Features; i++)
        {
            var u = Centred(i, rows);
            var factor = Factors.AsSpan(((k * Features) + i) * Features, Features);
            TensorPrimitives.Subtract(columns[i].AsSpan(start, rows), Means[(k * Features) + i], u);
            for (var j = 0; j < i; j++)
                TensorPrimitives.MultiplyAdd(Centred(j, rows), -factor[j], u, u);
            TensorPrimitives.Multiply(u, 1 / factor[i], u);
            TensorPrimitives.MultiplyAdd(u, u, squares, squares);
            constant -= Math.Log(factor[i]);
        }

        TensorPrimitives.Multiply(squares, -0.5, term);
        TensorPrimitives.Add(term, constant, term);
    }

    // Terms become shares γ of the components; returns the weighted sum of ln p.
    private double Normalise(int rows, ReadOnlySpan<double> weights)
    {
        var largest = _scratch.AsSpan(0, rows);
        var total = _total.AsSpan(0, rows);
        Term(0, rows).CopyTo(largest);
        for (var k = 1; k < Components; k++)
            TensorPrimitives.Max(largest, Term(k, rows), largest);
        total.Clear();
        for (var k = 0; k < Components; k++)
        {
            var term = Term(k, rows);
            TensorPrimitives.Subtract(term, largest, term);
            TensorPrimitives.Exp(term, term);
            TensorPrimitives.Add(total, term, total);
        }

        for (var k = 0; k < Components; k++)
            TensorPrimitives.Divide(Term(k, rows), total, Term(k, rows));
        TensorPrimitives.Log(total, total);
        TensorPrimitives.Add(total, largest, total);
        return weights.IsEmpty ? TensorPrimitives.Sum<double>(total) : TensorPrimitives.Dot<double>(total, weights);
    }

    private void Collect(double[][] columns, int start, int rows, int k, ReadOnlySpan<double> weights)
    {
        var share = Term(k, rows);
        if (!weights.IsEmpty)
            TensorPrimitives.Multiply(share, weights, share);
        _mass[k] += TensorPrimitives.Sum<double>(share);
        for (var i = 0; i < Features; i++)
            TensorPrimitives.Subtract(columns[i].AsSpan(start, rows), Means[(k * Features) + i], Centred(i, rows));
        var weighted = _scratch.AsSpan(0, rows);
        for (var i = 0; i < Features; i++)
        {
            TensorPrimitives.Multiply(share, Centred(i, rows), weighted);
            _first[(k * Features) + i] += TensorPrimitives.Sum<double>(weighted);
            for (var j = 0; j <= i; j++)
                _second[(((k * Features) + i) * Features) + j] += TensorPrimitives.Dot<double>(weighted, Centred(j, rows));
        }
    }

    // The greatest likelihood of the sums. A component that lost its rows keeps its place and takes the covariance of all.
    private void Move()
    {
        var mass = TensorPrimitives.Sum<double>(_mass);
        for (var k = 0; k < Components; k++)
        {
            LogWeights[k] = Math.Log(Math.Max(_mass[k] / mass, 1e-9));
            var covariance = new double[Features * Features];
            if (_mass[k] > 1e-9 * mass)
            {
                for (var i = 0; i < Features; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        var shift = _first[(k * Features) + i] * _first[(k * Features) + j] / (_mass[k] * _mass[k]);
                        covariance[(i * Features) + j] = (_second[(((k * Features) + i) * Features) + j] / _mass[k]) - shift;
                    }
                }

                for (var i = 0; i < Features; i++)
                    Means[(k * Features) + i] += _first[(k * Features) + i] / _mass[k];
            }

            SetFactor(k, covariance);
        }
    }

    private void SetFactor(int k, double[] covariance)
    {
        for (var i = 0; i < Features; i++)
        {
            var variance = 0.0;
            for (var j = 0; j <= i; j++)
                variance += _overall[(i * Features) + j] * _overall[(i * Features) + j];
            covariance[(i * Features) + i] += RelativeFloor * variance;
        }

        var isFull = covariance[0] > 2 * RelativeFloor * _overall[0] * _overall[0] && CholeskyDecomposition.Factor(covariance, Features);
        (isFull ? covariance : _overall).CopyTo(Factors, k * Features * Features);
    }
}
