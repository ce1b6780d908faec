namespace FirstFits;

/// <summary>Three normal distributions with correlations of their own, in any number of features.</summary>
internal sealed class NormalMixtureProblem : Problem
{
    private const int Components = 3;
    private readonly double[][] _mean = new double[Components][];
    private readonly double[][,] _factor = new double[Components][,];
    private readonly double[] _logDet = new double[Components];

    /// <summary>Draws means and lower triangular factors of the covariances.</summary>
    /// <param name="name">The name.</param>
    /// <param name="features">D.</param>
    public NormalMixtureProblem(string name, int features)
        : base(name, features)
    {
        var draw = new Draw(new FlowCore.Random.RandomStream(77));
        for (var k = 0; k < Components; k++)
        {
            _mean[k] = new double[features];
            _factor[k] = new double[features, features];
            for (var i = 0; i < features; i++)
            {
                _mean[k][i] = 1.5 * draw.Normal();
                for (var j = 0; j < i; j++)
                    _factor[k][i, j] = draw.Normal() / Math.Sqrt(features);
                _factor[k][i, i] = 0.4 + (0.6 * draw.Uniform());
                _logDet[k] += Math.Log(_factor[k][i, i]);
            }
        }
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> context)
    {
        Span<double> terms = stackalloc double[Components];
        var z = new double[Features];
        for (var k = 0; k < Components; k++)
        {
            terms[k] = -Math.Log(Components) - _logDet[k] - (0.5 * Features * Math.Log(2 * Math.PI));
            for (var i = 0; i < Features; i++)
            {
                z[i] = x[i] - _mean[k][i];
                for (var j = 0; j < i; j++)
                    z[i] -= _factor[k][i, j] * z[j];
                z[i] /= _factor[k][i, i];
                terms[k] -= 0.5 * z[i] * z[i];
            }
        }

        var largest = Math.Max(terms[0], Math.Max(terms[1], terms[2]));
        return largest + Math.Log(Math.Exp(terms[0] - largest) + Math.Exp(terms[1] - largest) + Math.Exp(terms[2] - largest));
    }

    /// <inheritdoc/>
    protected override void DrawRow(Draw draw, Span<double> context, Span<double> x)
    {
        var k = Math.Min((int)(Components * draw.Uniform()), Components - 1);
        var z = new double[Features];
        for (var i = 0; i < Features; i++)
        {
            z[i] = draw.Normal();
            x[i] = _mean[k][i];
            for (var j = 0; j <= i; j++)
                x[i] += _factor[k][i, j] * z[j];
        }
    }
}
