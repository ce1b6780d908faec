using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Transforms;

namespace LognormalFields;

/// <summary>
/// Lognormal fields on a periodic square, the usual first model of the density contrast of galaxies: y = exp(g − σ²/2) − 1 with g a Gaussian field of
/// variance σ² (P. Coles, B. Jones, "A lognormal model for the cosmological mass distribution", 1991). Its density is known exactly.
/// </summary>
/// <remarks>
/// ln p(y) = −½ Σ |g_k|²/P_k − ½ Σ ln 2πP_k − Σ ln(1 + y), g = ln(1 + y) + σ²/2. The spectrum P_g ∝ √(k² + k₀²) / (1 + (k/4)²)² turns over, so that no mode has a large
/// variance; its mean over all modes is σ². Immutable; thread-safe.
/// </remarks>
internal sealed class LognormalToy
{
    private readonly double _norm;

    /// <summary>Sets the size and the strength.</summary>
    /// <param name="side">Pixels along a side, at least 2.</param>
    /// <param name="sigma">σ, the deviation of g, positive.</param>
    /// <param name="isRed">Whether to take P_g ∝ 1/(1 + k²) instead, whose largest scales are the strongest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LognormalToy(int side, double sigma, bool isRed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        Grid = new FourierGrid(side, side);
        (Side, Sigma, IsRed, _norm) = (side, sigma, isRed, 1);
        var mean = 0.0;
        foreach (var k in Grid.Wavenumbers)
            mean += Spectrum(k) / Grid.Pixels;
        _norm = sigma * sigma / mean;
    }

    public int Side { get; }

    public int Pixels => Side * Side;

    public double Sigma { get; }

    public bool IsRed { get; }

    public FourierGrid Grid { get; }

    /// <summary>The deviation of a pixel of y: √(e^σ² − 1).</summary>
    public double Deviation => Math.Sqrt(Math.Exp(Sigma * Sigma) - 1);

    /// <summary>P_g at a wavenumber.</summary>
    public double Spectrum(double k) => _norm * (IsRed ? 1 / (1 + (k * k)) : Math.Sqrt((k * k) + (0.05 * 0.05)) / Square(1 + Square(k / 4)));

    /// <summary>The fields as a flow: their exact density, and samples of it.</summary>
    public Flow<T> Exact<T>(Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(FourierNormal<T>.OfSpectrum(Side, Side, Spectrum), new Composition<T>(Pixels, [Shift<T>(1), new Inverted<T>(new Elementwise<T>(new Exp<T>(), Pixels)), Shift<T>(Sigma * Sigma / 2)]), device);

    /// <summary>The Gaussian field with the same power spectrum as y: all that a two-point function knows.</summary>
    public Flow<T> Gaussian<T>(Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Modes of one length differ a little: the edge of the grid is no circle.
        var (power, shells) = (Power(), Enumerable.Range(0, Pixels).ToLookup(mode => Grid.Wavenumbers[mode]));
        return new(FourierNormal<T>.OfSpectrum(Side, Side, k => shells[k].Average(mode => power[mode])), Shift<T>(0), device);
    }

    /// <summary>Lognormal pixels that know nothing of each other: all that a one-point histogram knows.</summary>
    public Flow<T> Independent<T>(Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(
            FourierNormal<T>.OfSpectrum(Side, Side, _ => Sigma * Sigma),
            new Composition<T>(Pixels, [Shift<T>(1), new Inverted<T>(new Elementwise<T>(new Exp<T>(), Pixels)), Shift<T>(Sigma * Sigma / 2)]), device);

    /// <summary>The exact power spectrum of y, every mode: the transform of its covariance e^{C_g(r)} − 1.</summary>
    public double[] Power()
    {
        // A function of the distance alone has as transform the Hartley transform; √N between sums and unitary transforms.
        var fourier = new FastFourier(Side, Side);
        var numbers = new double[Pixels];
        for (var i = 0; i < Pixels; i++)
            numbers[i] = Spectrum(Grid.Wavenumbers[i]);
        fourier.Hartley<double>(numbers, numbers);
        for (var i = 0; i < Pixels; i++)
            numbers[i] = Math.Exp(numbers[i] / Side) - 1;
        fourier.Hartley<double>(numbers, numbers);
        for (var i = 0; i < Pixels; i++)
            numbers[i] *= Side;
        return numbers;
    }

    private Transform<T> Shift<T>(double shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new FixedAffine<T>(Enumerable.Repeat(1.0, Pixels).ToArray(), Enumerable.Repeat(shift, Pixels).ToArray());

    private static double Square(double x) => x * x;
}
