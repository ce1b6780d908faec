namespace FlowCore.Fields;

/// <summary>One field with the large scales of a first and the small scales of a second: for a flow whose large scales are not trusted, those of the Wiener filter.</summary>
public static class FourierSplit
{
    /// <summary>Joins fields: modes with |k| up to a radius come from the one, those beyond from the other.</summary>
    /// <remarks>Modes k and −k are equally long and so stay together: the result is real. arXiv:2211.15161 takes the radius at a seventh of the side.</remarks>
    /// <param name="large">Row-major [n, H · W]: the fields with the large scales.</param>
    /// <param name="small">As many: the fields with the small scales.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="radius">The largest |k| of the large scales, in periods along the longer side; 0 takes the mean alone.</param>
    /// <returns>[n, H · W].</returns>
    /// <exception cref="ArgumentException">The numbers make no fields, or the two are not as many.</exception>
    public static double[] Join(ReadOnlySpan<double> large, ReadOnlySpan<double> small, int height, int width, double radius)
    {
        var fourier = new FastFourier(height, width);
        var grid = fourier.Grid;
        var count = grid.Count(large.Length, nameof(large));
        if (small.Length != large.Length)
            throw new ArgumentException($"Expected {count} fields, as many as those with the large scales, got {small.Length} numbers.", nameof(small));
        var (joined, beyond) = (new double[large.Length], new double[large.Length]);
        fourier.Hartley(large, joined.AsSpan());
        fourier.Hartley(small, beyond.AsSpan());
        for (var i = 0; i < joined.Length; i++)
            joined[i] = grid.Wavenumbers[i % grid.Pixels] <= radius ? joined[i] : beyond[i];
        fourier.Hartley<double>(joined, joined);
        return joined;
    }
}
