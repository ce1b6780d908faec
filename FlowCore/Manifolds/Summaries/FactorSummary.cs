using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>The moments of one factor's draws.</summary>
internal static class FactorSummary
{
    /// <summary>The moments.</summary>
    /// <param name="manifold">The manifold.</param>
    /// <param name="x">The draws in embedding coordinates, row-major.</param>
    /// <param name="logDensity">ln p of the factor given those before it, a number a draw.</param>
    /// <param name="intrinsic">The draws in intrinsic coordinates, row-major.</param>
    /// <param name="densest">Which draw has the largest density.</param>
    public static FactorMoments Of(Manifold manifold, double[] x, double[] logDensity, double[] intrinsic, int densest)
    {
        var (columns, rows) = (manifold.EmbeddingColumns, logDensity.Length);
        var mean = DataMoments.Mean<double>(x, columns);
        var covariance = Array.ConvertAll(DataMoments.Covariance<double>(x, mean), entry => entry * rows / (rows - 1.0));

        var point = intrinsic.AsSpan(densest * manifold.IntrinsicColumns, manifold.IntrinsicColumns).ToArray();
        if (manifold.Kind is ManifoldKind.Circle or ManifoldKind.Sphere)
            return Directional(manifold, x, mean, covariance, point);
        var entropy = manifold.Kind switch
        {
            ManifoldKind.Euclidean => 0.5 * ((columns * (1 + Math.Log(2 * Math.PI))) + LogDeterminant(covariance, columns)),
            ManifoldKind.Category => mean.Sum(p => p > 0 ? -p * Math.Log(p) : 0),
            _ => -logDensity.Average(),
        };
        return new FactorMoments(manifold, mean, covariance, [], double.NaN, double.NaN, double.NaN, double.NaN, entropy, point);
    }

    private static FactorMoments Directional(Manifold manifold, double[] x, double[] mean, double[] covariance, double[] densest)
    {
        var (columns, length) = (mean.Length, 0.0);
        foreach (var number in mean)
            length += number * number;
        length = Math.Sqrt(length);
        var direction = Array.ConvertAll(mean, number => length > 0 ? number / length : 0);
        var kappa = length < 1 ? VonMisesFisher.KappaOf(length, manifold.Dimension) : double.PositiveInfinity;
        var (centre, zenith) = (Math.Atan2(direction[1], direction[0]), columns == 3 ? Math.Acos(Math.Clamp(direction[2], -1, 1)) : 0);
        var (azimuths, zeniths) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i += columns)
        {
            var azimuth = Math.IEEERemainder(Math.Atan2(x[i + 1], x[i]) - centre, 2 * Math.PI);
            azimuths += azimuth * azimuth / (x.Length / columns);
            if (columns == 3)
            {
                var distance = Math.Acos(Math.Clamp(x[i + 2], -1, 1)) - zenith;
                zeniths += distance * distance / (x.Length / columns);
            }
        }

        var entropy = double.IsFinite(kappa) ? VonMisesFisher.Entropy(kappa, manifold.Dimension) : double.NegativeInfinity;
        return new FactorMoments(manifold, mean, covariance, direction, length, kappa, azimuths, columns == 3 ? zeniths : double.NaN, entropy, densest);
    }

    private static double LogDeterminant(double[] covariance, int n)
    {
        var factor = (double[])covariance.Clone();
        if (!CholeskyDecomposition.Factor(factor, n))
            return double.NegativeInfinity;
        var sum = 0.0;
        for (var j = 0; j < n; j++)
            sum += 2 * Math.Log(factor[(j * n) + j]);
        return sum;
    }
}
