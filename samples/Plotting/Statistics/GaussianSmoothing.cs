namespace Plotting;

/// <summary>
/// Smoothing of a grid with a separable Gaussian kernel, cut at four standard deviations and normalized; cells are reflected at the borders, so
/// the total is conserved. Thread-safe.
/// </summary>
public static class GaussianSmoothing
{
    /// <summary>Smooths a grid.</summary>
    /// <param name="grid">The grid; cells that are not finite count as zero.</param>
    /// <param name="sigmaColumns">Kernel width along x in cells, 0 to 1000.</param>
    /// <param name="sigmaRows">Kernel width along y in cells, 0 to 1000.</param>
    /// <returns>A new grid with the same total.</returns>
    /// <exception cref="ArgumentException">A width is out of range.</exception>
    public static Grid2D Smooth(Grid2D grid, double sigmaColumns, double sigmaRows)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var kernelX = Kernel(sigmaColumns, nameof(sigmaColumns));
        var kernelY = Kernel(sigmaRows, nameof(sigmaRows));
        int nx = grid.Columns, ny = grid.Rows;
        var source = new double[nx * ny];
        for (var k = 0; k < source.Length; k++)
            source[k] = double.IsFinite(grid.Values[k]) ? grid.Values[k] : 0;
        var half = new double[nx * ny];
        for (var j = 0; j < ny; j++)
        {
            for (var i = 0; i < nx; i++)
            {
                var sum = kernelX[0] * source[j * nx + i];
                for (var d = 1; d < kernelX.Length; d++)
                    sum += kernelX[d] * (source[j * nx + Reflect(i - d, nx)] + source[j * nx + Reflect(i + d, nx)]);
                half[j * nx + i] = sum;
            }
        }
        var result = new double[nx * ny];
        for (var j = 0; j < ny; j++)
        {
            for (var i = 0; i < nx; i++)
            {
                var sum = kernelY[0] * half[j * nx + i];
                for (var d = 1; d < kernelY.Length; d++)
                    sum += kernelY[d] * (half[Reflect(j - d, ny) * nx + i] + half[Reflect(j + d, ny) * nx + i]);
                result[j * nx + i] = sum;
            }
        }
        return new Grid2D(nx, grid.XMin, grid.XMax, ny, grid.YMin, grid.YMax, result);
    }

    private static double[] Kernel(double sigma, string parameter)
    {
        if (!(sigma is >= 0 and <= 1000))
            throw new ArgumentException($"A kernel width must be 0 to 1000 cells, but it is {sigma}.", parameter);
        var radius = (int)Math.Ceiling(4 * sigma);
        var kernel = new double[radius + 1];
        kernel[0] = 1;
        double sum = 1;
        for (var d = 1; d <= radius; d++)
        {
            kernel[d] = Math.Exp(-0.5 * d * d / (sigma * sigma));
            sum += 2 * kernel[d];
        }
        for (var d = 0; d <= radius; d++)
            kernel[d] /= sum;
        return kernel;
    }

    // Cell -1 is cell 0 again, cell n is cell n - 1, and so on periodically with period 2n.
    private static int Reflect(int i, int n)
    {
        var k = ((i % (2 * n)) + 2 * n) % (2 * n);
        return k < n ? k : 2 * n - 1 - k;
    }
}
