using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Manifolds;

/// <summary>
/// An elliptic law on the sphere, the image of the von Mises-Fisher law under a linear stretch across its mean: a likeness of Kent's law with a normaliser
/// in closed form.
/// </summary>
/// <remarks>
/// ln p(n) = ln(κ/2π) − ln(1 − e^(−2κ)) − κ (1 − y₃/r) − (3/2) ln r², where y are the components along (γ₂, γ₃, γ₁) and r² = (y₁/u)² + (y₂ u)² + y₃². u is the ratio
/// of the half axes' roots; u = 1 is the von Mises-Fisher law. Immutable.
/// </remarks>
public sealed class Kent
{
    private readonly double[] _mean;
    private readonly double[] _major;
    private readonly double[] _minor;

    /// <summary>Sets the parameters.</summary>
    /// <param name="mean">γ₁, where the density is largest; normalised here.</param>
    /// <param name="major">γ₂, the direction in which the law is wide where u is above 1; what of it is along γ₁ is taken away.</param>
    /// <param name="minor">γ₃; what of it is along the other two is taken away.</param>
    /// <param name="kappa">κ, above 0.</param>
    /// <param name="stretch">u, above 0.</param>
    /// <exception cref="ArgumentException">A direction has not three numbers, or no length across those before it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">κ or u is not positive.</exception>
    public Kent(ReadOnlySpan<double> mean, ReadOnlySpan<double> major, ReadOnlySpan<double> minor, double kappa, double stretch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kappa);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stretch);
        _mean = Unit(mean, nameof(mean));
        _major = Unit(Across(major, _mean), nameof(major));
        _minor = Unit(Across(Across(minor, _mean), _major), nameof(minor));
        (Kappa, Stretch) = (kappa, stretch);
    }

    /// <summary>γ₁.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>γ₂.</summary>
    public ReadOnlySpan<double> Major => _major;

    /// <summary>γ₃.</summary>
    public ReadOnlySpan<double> Minor => _minor;

    /// <summary>κ.</summary>
    public double Kappa { get; }

    /// <summary>u.</summary>
    public double Stretch { get; }

    /// <summary>Fits the law to directions: the frame from their moments, κ and u by the greatest likelihood.</summary>
    /// <param name="directions">Unit vectors, row-major [n, 3], at least three.</param>
    /// <returns>The law.</returns>
    /// <exception cref="ArgumentException">There are fewer than three rows, or all point the same way.</exception>
    public static Kent Fit(ReadOnlySpan<double> directions)
    {
        var n = directions.Length / 3;
        if (n < 3 || directions.Length % 3 != 0)
            throw new ArgumentException($"Expected at least three rows of three numbers, got {directions.Length} numbers.", nameof(directions));
        Span<double> mean = stackalloc double[3];
        for (var i = 0; i < directions.Length; i++)
            mean[i % 3] += directions[i] / n;
        var length = Math.Sqrt((mean[0] * mean[0]) + (mean[1] * mean[1]) + (mean[2] * mean[2]));
        if (!(length < 1 - 1e-12) || length == 0)
            throw new ArgumentException("Expected directions that differ and have a mean, got such that all are the same or that balance.", nameof(directions));
        for (var k = 0; k < 3; k++)
            mean[k] /= length;

        // A frame of the tangent plane, then the axes of the second moments in it.
        var axis = Math.Abs(mean[0]) < 0.5 ? new[] { 1.0, 0, 0 } : [0.0, 1, 0];
        var a = Unit(Cross(mean, axis), nameof(directions));
        var b = Cross(mean, a);
        var (aa, ab, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            var row = directions.Slice(3 * i, 3);
            var (alongA, alongB) = (Dot(row, a), Dot(row, b));
            aa += alongA * alongA / n;
            ab += alongA * alongB / n;
            bb += alongB * alongB / n;
        }

        var angle = 0.5 * Math.Atan2(2 * ab, aa - bb);
        var half = Math.Sqrt((0.25 * (aa - bb) * (aa - bb)) + (ab * ab));
        var (larger, smaller) = ((0.5 * (aa + bb)) + half, Math.Max((0.5 * (aa + bb)) - half, 1e-12));
        var (cosine, sine) = (Math.Cos(angle), Math.Sin(angle));
        double[] major = [(cosine * a[0]) + (sine * b[0]), (cosine * a[1]) + (sine * b[1]), (cosine * a[2]) + (sine * b[2])];
        var minor = Cross(mean, major);
        var stretch = Math.Pow(larger / smaller, 0.25);
        var kappa = Math.Max(0.5 * ((stretch * stretch) + (1 / (stretch * stretch))) * VonMisesFisher.KappaOf(length, 2), 1e-3);

        var likelihood = new Likelihood(directions.ToArray(), mean.ToArray(), major, minor);
        var best = LimitedMemoryMinimiser.Minimise(likelihood, [Math.Log(kappa), Likelihood.RawOf(Math.Log(stretch), kappa)]);
        var (fitted, u) = Likelihood.Parameters(best.Point);
        return new Kent(mean, major, minor, fitted, u);
    }

    /// <summary>ln p(n), per solid angle.</summary>
    /// <param name="direction">Three numbers, normalised here.</param>
    /// <returns>The log-density.</returns>
    public double LogDensity(ReadOnlySpan<double> direction)
    {
        if (direction.Length != 3)
            throw new ArgumentException($"Expected three numbers, got {direction.Length}.", nameof(direction));
        var norm = Math.Sqrt(Dot(direction, direction));
        var (y1, y2, y3) = (Dot(direction, _major) / norm / Stretch, Dot(direction, _minor) / norm * Stretch, Dot(direction, _mean) / norm);
        return LogDensity(y1, y2, y3, Kappa);
    }

    /// <summary>Draws directions.</summary>
    /// <param name="destination">Receives row-major [n, 3].</param>
    /// <param name="stream">Where the random numbers come from, two a row.</param>
    /// <exception cref="ArgumentException">The length is no multiple of 3.</exception>
    public void Sample(Span<double> destination, RandomStream stream)
    {
        if (destination.Length % 3 != 0)
            throw new ArgumentException($"Expected room for rows of 3 numbers, got room for {destination.Length}.", nameof(destination));
        var uniforms = new double[destination.Length / 3 * 2];
        stream.FillUniform<double>(uniforms);
        for (var i = 0; i < destination.Length / 3; i++)
        {
            // The zoom: U = (1 − cos)/2 of the von Mises-Fisher law, then the stretch.
            var u = -SpecialFunctions.Log1p(uniforms[2 * i] * SpecialFunctions.Expm1(-2 * Kappa)) / (2 * Kappa);
            var (across, azimuth) = (2 * Math.Sqrt(Math.Max(u * (1 - u), 0)), 2 * Math.PI * uniforms[(2 * i) + 1]);
            var (y1, y2, y3) = (across * Math.Cos(azimuth) * Stretch, across * Math.Sin(azimuth) / Stretch, 1 - (2 * u));
            var r = Math.Sqrt((y1 * y1) + (y2 * y2) + (y3 * y3));
            for (var k = 0; k < 3; k++)
                destination[(3 * i) + k] = ((y1 * _major[k]) + (y2 * _minor[k]) + (y3 * _mean[k])) / r;
        }
    }

    private static double LogDensity(double y1, double y2, double y3, double kappa)
    {
        var square = (y1 * y1) + (y2 * y2) + (y3 * y3);

        // κ (1 − y₃/r) without cancellation where y₃ is near r.
        var r = Math.Sqrt(square);
        var distance = y3 > 0 ? ((y1 * y1) + (y2 * y2)) / (r * (r + y3)) : 1 - (y3 / r);
        return -VonMisesFisher.LogNormaliser(kappa, 2) - (kappa * distance) - (1.5 * Math.Log(square));
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double[] Cross(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    private static double[] Across(ReadOnlySpan<double> vector, double[] axis)
    {
        var along = vector.Length == 3 ? Dot(vector, axis) : 0;
        var across = vector.ToArray();
        for (var k = 0; k < across.Length && k < 3; k++)
            across[k] -= along * axis[k];
        return across;
    }

    private static double[] Unit(ReadOnlySpan<double> direction, string name)
    {
        if (direction.Length != 3)
            throw new ArgumentException($"Expected three numbers, got {direction.Length}.", name);
        var norm = Math.Sqrt(Dot(direction, direction));
        return norm > 0 && double.IsFinite(norm)
            ? [direction[0] / norm, direction[1] / norm, direction[2] / norm]
            : throw new ArgumentException("Expected a direction of finite length above 0.", name);
    }

    /// <summary>−ln L/n of (ln κ, raw), where ln u = raw / √(1 + (raw/Λ)²), Λ = ½ ln(1 + κ/3) keeps the law unimodal.</summary>
    private sealed class Likelihood(double[] directions, double[] mean, double[] major, double[] minor) : ISmoothFunction
    {
        private const double Step = 1e-6;

        public int Dimension => 2;

        public static (double Kappa, double Stretch) Parameters(ReadOnlySpan<double> point)
        {
            var kappa = Math.Exp(point[0]);
            var limit = 0.5 * Math.Log(1 + (kappa / 3));
            var ratio = point[1] / limit;
            return (kappa, Math.Exp(point[1] / Math.Sqrt(1 + (ratio * ratio))));
        }

        public static double RawOf(double logStretch, double kappa)
        {
            var limit = 0.5 * Math.Log(1 + (kappa / 3));
            var ratio = Math.Min(logStretch / limit, 0.95);
            return limit * ratio / Math.Sqrt(1 - (ratio * ratio));
        }

        public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
        {
            // Two parameters: central differences are exact enough for a fit of n directions.
            Span<double> shifted = stackalloc double[2];
            for (var k = 0; k < 2; k++)
            {
                point.CopyTo(shifted);
                shifted[k] += Step;
                var above = Value(shifted);
                shifted[k] -= 2 * Step;
                gradient[k] = (above - Value(shifted)) / (2 * Step);
            }

            return Value(point);
        }

        private double Value(ReadOnlySpan<double> point)
        {
            var (kappa, stretch) = Parameters(point);
            var sum = 0.0;
            for (var i = 0; i < directions.Length; i += 3)
            {
                var row = directions.AsSpan(i, 3);
                sum -= LogDensity(Dot(row, major) / stretch, Dot(row, minor) * stretch, Dot(row, mean), kappa);
            }

            return sum / (directions.Length / 3);
        }
    }
}
