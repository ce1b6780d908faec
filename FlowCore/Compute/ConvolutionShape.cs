namespace FlowCore.Compute;

/// <summary>The sizes of a convolution of arrays of channels, rows and columns, and where their numbers stand among the columns of a block.</summary>
/// <remarks>
/// <para>
/// y(n, i, j) = b(n) + Σ w(n, c, a, b) x(c, i + a − k/2, j + b − k/2) over the channels c and the window, 0 ≤ a, b &lt; k: what the deep learning libraries call a convolution. The result
/// has the pixels of the argument; beyond an edge there are zeros or the other side. The weight is [outputs, inputs · k · k] row-major, as a file's [outputs, inputs, k, k].
/// </para>
/// <para>
/// Pixel (i, j) of channel c is column (c·H + i)·W + j of a block, or, where pixels stand first, column (i·W + j)·C + c. Half of the pixels may be left out on either side, which makes
/// the masks of a chessboard free of cost: what is not read counts as zero, and what is not written is zero whatever the bias.
/// </para>
/// <para>Immutable, so one instance serves all threads.</para>
/// </remarks>
public sealed class ConvolutionShape
{
    private const int LargestKernel = 255;

    private int[]? _sources;
    private int[]? _targets;

    /// <summary>Sets the sizes.</summary>
    /// <param name="inputs">The channels of the argument, at least 1.</param>
    /// <param name="outputs">The channels of the result, at least 1.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="kernelSize">k, odd, 1 to 255; it may be larger than the array.</param>
    /// <param name="isPeriodic">Whether the other side is beyond an edge, rather than zeros.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ConvolutionShape(int inputs, int outputs, int height, int width, int kernelSize, bool isPeriodic)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (kernelSize is < 1 or > LargestKernel || kernelSize % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(kernelSize), kernelSize, $"Expected a window of an odd size up to {LargestKernel}, got {kernelSize}.");
        _ = checked(Math.Max(inputs, outputs) * height * width);
        (Inputs, Outputs, Height, Width, KernelSize, IsPeriodic) = (inputs, outputs, height, width, kernelSize, isPeriodic);
        WindowLength = checked(inputs * kernelSize * kernelSize);
    }

    /// <summary>The channels of the argument.</summary>
    public int Inputs { get; }

    /// <summary>The channels of the result.</summary>
    public int Outputs { get; }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <summary>H·W.</summary>
    public int Pixels => Height * Width;

    /// <summary>k.</summary>
    public int KernelSize { get; }

    /// <summary>inputs · k · k: how many numbers a pixel of the result is a sum of, and the weights of one output.</summary>
    public int WindowLength { get; }

    /// <summary>Whether the other side is beyond an edge, rather than zeros.</summary>
    public bool IsPeriodic { get; }

    /// <summary>Whether the channels of a pixel stand together, rather than the pixels of a channel.</summary>
    public bool PixelsFirst { get; init; }

    /// <summary>The pixels of the argument that are read; the others count as zero.</summary>
    public PixelParity Reads { get; init; }

    /// <summary>The pixels of the result that are computed; the others are zero.</summary>
    public PixelParity Writes { get; init; }

    /// <summary>For each pixel of the result and place of the window the pixel of the argument, −1 for none; −2 at the first place where the pixel is not written.</summary>
    internal int[] Sources => _sources ??= Table(Reads, Writes);

    /// <summary>For each pixel of the argument and place of the window turned by half a turn the pixel of the result that reads it there; −1 and −2 alike.</summary>
    internal int[] Targets => _targets ??= Table(Writes, Reads);

    /// <summary>Whether a pixel is of a parity.</summary>
    internal static bool Has(PixelParity parity, int row, int column) => parity == PixelParity.All || ((row + column) & 1) == (parity == PixelParity.Odd ? 1 : 0);

    /// <summary>Where a row or column beyond an edge is found; −1 where there are zeros.</summary>
    internal int Within(int index, int size) => (uint)index < (uint)size ? index : IsPeriodic ? ((index % size) + size) % size : -1;

    private int[] Table(PixelParity reads, PixelParity writes)
    {
        var (reach, places) = (KernelSize / 2, KernelSize * KernelSize);
        var table = new int[checked(Pixels * places)];
        for (var i = 0; i < table.Length; i++)
        {
            var (pixel, place) = (i / places, i % places);
            var row = Within((pixel / Width) + (place / KernelSize) - reach, Height);
            var column = Within((pixel % Width) + (place % KernelSize) - reach, Width);
            table[i] = row < 0 || column < 0 || !Has(reads, row, column) ? -1 : (row * Width) + column;
            if (place == 0 && !Has(writes, pixel / Width, pixel % Width))
                table[i] = -2;
        }

        return table;
    }
}
