using System.Numerics;

namespace FlowCore.Fields;

/// <summary>The power spectrum of fields in rings of wavenumbers, and its covariance between rings. Immutable.</summary>
/// <remarks>
/// P_b is the mean of |x_k|² over the modes of ring b, b − ½ ≤ |k| &lt; b + ½, x_k the unitary transform, so that the sum of P over all modes is that of x² over all
/// pixels. All N modes count, each once.
/// </remarks>
public sealed class PowerSpectrum
{
    private PowerSpectrum(FourierGrid grid, int fields, double[] power, double[] covariance)
    {
        (Fields, Power, Covariance) = (fields, power, covariance);
        (Wavenumbers, Modes) = (new double[power.Length], new int[power.Length]);
        for (var i = 0; i < grid.Pixels; i++)
        {
            Modes[grid.Rings[i]]++;
            Wavenumbers[grid.Rings[i]] += grid.Wavenumbers[i];
        }

        for (var b = 0; b < Wavenumbers.Length; b++)
            Wavenumbers[b] /= Math.Max(1, Modes[b]);
    }

    /// <summary>How many fields it is of.</summary>
    public int Fields { get; }

    /// <summary>P of each ring, the mean over the fields; 0 for a ring without modes, which narrow fields have.</summary>
    public double[] Power { get; }

    /// <summary>The mean |k| of each ring.</summary>
    public double[] Wavenumbers { get; }

    /// <summary>How many modes each ring has.</summary>
    public int[] Modes { get; }

    /// <summary>The covariance of the P_b of single fields, row-major [rings, rings], divided by n − 1; zeros for one field.</summary>
    public double[] Covariance { get; }

    /// <summary>The errors that P has over P, were the fields Gaussian: √(2 / (modes · fields)).</summary>
    public double[] GaussianErrors => Array.ConvertAll(Modes, modes => Math.Sqrt(2.0 / ((double)modes * Fields)));

    /// <summary>The errors of P from the spread of the fields: √(covariance / fields).</summary>
    public double[] Errors => [.. Enumerable.Range(0, Power.Length).Select(b => Math.Sqrt(Covariance[(b * Power.Length) + b] / Fields))];

    /// <summary>The covariance over the product of deviations: ones on the diagonal.</summary>
    public double[] Correlation
    {
        get
        {
            var bins = Power.Length;
            var correlation = new double[bins * bins];
            for (var i = 0; i < correlation.Length; i++)
            {
                var (a, b) = (i / bins, i % bins);
                var scale = Math.Sqrt(Covariance[(a * bins) + a] * Covariance[(b * bins) + b]);
                correlation[i] = scale > 0 ? Covariance[i] / scale : a == b ? 1 : 0;
            }

            return correlation;
        }
    }

    /// <summary>The spectrum of fields.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="fields">Row-major [n, H · W], at least one.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>The spectrum.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields.</exception>
    public static PowerSpectrum Of<T>(ReadOnlySpan<T> fields, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Cross(fields, fields, height, width);

    /// <summary>The cross spectrum of pairs of fields: the mean of Re x_k* y_k in each ring.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="first">Row-major [n, H · W], at least one.</param>
    /// <param name="second">As many.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>The spectrum.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields, or the two are not as many.</exception>
    public static PowerSpectrum Cross<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fourier = new FastFourier(height, width);
        var grid = fourier.Grid;
        var count = grid.Count(first.Length, nameof(first));
        if (count == 0)
            throw new ArgumentException("Expected at least one field, got none.", nameof(first));
        if (second.Length != first.Length)
            throw new ArgumentException($"Expected {count} fields, as many as the first, got {second.Length} numbers.", nameof(second));
        var modes = new int[grid.RingCount];
        foreach (var ring in grid.Rings)
            modes[ring]++;

        var bins = grid.RingCount;
        var each = new double[count * bins];
        const int block = 1024;
        for (var start = 0; start < count; start += block)
        {
            var length = Math.Min(block, count - start) * grid.Pixels;
            var a = Modulated(fourier, first.Slice(start * grid.Pixels, length));
            var b = first == second ? a : Modulated(fourier, second.Slice(start * grid.Pixels, length));
            for (var i = 0; i < length; i++)
            {
                // Over k and −k, h h' of Hartley transforms sums to 2 Re x_k* y_k.
                var ring = grid.Rings[i % grid.Pixels];
                each[((start + (i / grid.Pixels)) * bins) + ring] += a[i] * b[i] / modes[ring];
            }
        }

        var (power, covariance) = Moments(each, bins);
        return new PowerSpectrum(grid, count, power, covariance);
    }

    /// <summary>The correlation of pairs of fields in each ring, r = P_ab / √(P_aa P_bb).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="first">Row-major [n, H · W], at least one.</param>
    /// <param name="second">As many.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>r of each ring, from the spectra of all fields; 0 where there is no power.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields, or the two are not as many.</exception>
    public static double[] CrossCorrelation<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cross = Cross(first, second, height, width).Power;
        var (a, b) = (Of(first, height, width).Power, Of(second, height, width).Power);
        return [.. cross.Select((power, ring) => a[ring] * b[ring] > 0 ? power / Math.Sqrt(a[ring] * b[ring]) : 0)];
    }

    private static double[] Modulated<T>(FastFourier fourier, ReadOnlySpan<T> fields)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var modes = new double[fields.Length];
        for (var i = 0; i < modes.Length; i++)
            modes[i] = double.CreateTruncating(fields[i]);
        fourier.Hartley<double>(modes, modes);
        return modes;
    }

    private static (double[] Mean, double[] Covariance) Moments(double[] rows, int columns)
    {
        var count = rows.Length / columns;
        var (mean, covariance) = (new double[columns], new double[columns * columns]);
        for (var i = 0; i < rows.Length; i++)
            mean[i % columns] += rows[i] / count;
        for (var row = 0; row < count; row++)
        {
            for (var a = 0; a < columns; a++)
            {
                var deviation = rows[(row * columns) + a] - mean[a];
                for (var b = 0; b < columns; b++)
                    covariance[(a * columns) + b] += deviation * (rows[(row * columns) + b] - mean[b]) / Math.Max(1, count - 1);
            }
        }

        return (mean, covariance);
    }
}
