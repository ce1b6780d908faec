using System.Numerics;

namespace FlowCore.Fields;

/// <summary>The bispectrum of equilateral triangles: how far fields are from Gaussian, whose bispectrum is 0.</summary>
public static class Bispectrum
{
    /// <summary>B of each ring: the mean of x_k x_l x_m over all closed triangles k + l + m = 0 with the three wavenumbers in the ring, and over fields.</summary>
    /// <remarks>
    /// Triangles are not listed: with δ the field that only the ring's modes make and I that of ones in their place, Σ_x δ³ / Σ_x I³ is that mean, by two
    /// transforms a ring (R. Scoccimarro, "The bispectrum: from theory to observations", The Astrophysical Journal 544, 2000). Wavenumbers wrap around, as those of a
    /// periodic grid do, which matters for |k| above a third of a side alone.
    /// </remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="fields">Row-major [n, H · W], at least one.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>B of rings 0, 1, … up to <see cref="FourierGrid.WholeRings"/>; 0 for a ring without triangles.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields.</exception>
    public static double[] Equilateral<T>(ReadOnlySpan<T> fields, int height, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fourier = new FastFourier(height, width);
        var grid = fourier.Grid;
        var count = grid.Count(fields.Length, nameof(fields));
        if (count == 0)
            throw new ArgumentException("Expected at least one field, got none.", nameof(fields));
        var triangles = Triangles(fourier);
        var sums = new double[triangles.Length];
        const int block = 256;
        var (modes, ringed) = (new double[block * grid.Pixels], new double[block * grid.Pixels]);
        for (var start = 0; start < count; start += block)
        {
            var length = Math.Min(block, count - start) * grid.Pixels;
            for (var i = 0; i < length; i++)
                modes[i] = double.CreateTruncating(fields[(start * grid.Pixels) + i]);
            fourier.Hartley<double>(modes.AsSpan(0, length), modes.AsSpan(0, length));
            for (var ring = 0; ring < sums.Length; ring++)
                sums[ring] += SumOfCubes(fourier, modes.AsSpan(0, length), ringed.AsSpan(0, length), ring);
        }

        for (var ring = 0; ring < sums.Length; ring++)
            sums[ring] = triangles[ring] > 0.5 / Math.Sqrt(grid.Pixels) ? sums[ring] / (count * triangles[ring]) : 0;
        return sums;
    }

    // Σ_x I³: the number of triangles over √N.
    private static double[] Triangles(FastFourier fourier)
    {
        var grid = fourier.Grid;
        var ones = new double[grid.Pixels];
        Array.Fill(ones, 1);
        var room = new double[grid.Pixels];
        return [.. Enumerable.Range(0, Math.Min(grid.WholeRings, grid.RingCount)).Select(ring => SumOfCubes(fourier, ones, room, ring))];
    }

    private static double SumOfCubes(FastFourier fourier, ReadOnlySpan<double> modes, Span<double> room, int ring)
    {
        var grid = fourier.Grid;
        for (var i = 0; i < modes.Length; i++)
            room[i] = grid.Rings[i % grid.Pixels] == ring ? modes[i] : 0;
        fourier.Hartley(room, room);
        var sum = 0.0;
        foreach (var value in room)
            sum += value * value * value;
        return sum;
    }
}
