namespace FlowCore.Fields;

/// <summary>The modes of a periodic field of H × W pixels: their wavenumbers, which of them are equally long, and rings of them. Immutable, thread-safe.</summary>
/// <remarks>
/// Mode j W + k has the frequencies j and k along the axes; those above half a side stand for negative ones, j − H and k − W. Wavenumbers are counted in
/// periods along the longer side L: |k| = L √((j/H)² + (k/W)²), integers along the axes of a square field.
/// </remarks>
public sealed class FourierGrid
{
    private readonly double[] _wavenumbers;
    private readonly int[] _shells;
    private readonly int[] _rings;

    /// <summary>Lists the modes.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are too many pixels.</exception>
    public FourierGrid(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, int.MaxValue / 4, nameof(height));
        (Height, Width) = (height, width);
        var longer = Math.Max(height, width);
        var lengths = new UInt128[height * width];
        (_wavenumbers, _shells, _rings) = (new double[lengths.Length], new int[lengths.Length], new int[lengths.Length]);
        for (var i = 0; i < lengths.Length; i++)
        {
            // |k|² H² W² / L², a whole number, says exactly which modes are equally long.
            var (j, k) = (Math.BigMul(Signed(i / width, height), width), Math.BigMul(Signed(i % width, width), height));
            lengths[i] = ((UInt128)(Int128)(j < 0 ? -j : j) * (UInt128)(Int128)(j < 0 ? -j : j)) + ((UInt128)(Int128)(k < 0 ? -k : k) * (UInt128)(Int128)(k < 0 ? -k : k));
            _wavenumbers[i] = longer * Math.Sqrt((double)lengths[i]) / ((double)height * width);
            _rings[i] = (int)Math.Floor(_wavenumbers[i] + 0.5);
        }

        var all = lengths.Distinct().Order().ToArray();
        for (var i = 0; i < lengths.Length; i++)
            _shells[i] = Array.BinarySearch(all, lengths[i]);
        ShellCount = all.Length;
        RingCount = _rings.Max() + 1;
    }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <summary>N = H W, the pixels of a field and its modes.</summary>
    public int Pixels => _wavenumbers.Length;

    /// <summary>|k| of every mode.</summary>
    public ReadOnlySpan<double> Wavenumbers => _wavenumbers;

    /// <summary>How many lengths |k| there are.</summary>
    public int ShellCount { get; }

    /// <summary>Of every mode, which length it has: 0 for the mean, rising with |k|.</summary>
    public ReadOnlySpan<int> Shells => _shells;

    /// <summary>How many rings there are; some of them, between the last whole one and the corners, are only parts.</summary>
    public int RingCount { get; }

    /// <summary>Of every mode the ring b with b − ½ ≤ |k| &lt; b + ½; ring 0 is the mean alone.</summary>
    public ReadOnlySpan<int> Rings => _rings;

    /// <summary>The rings that no corner cuts: those up to half the shorter side, in periods along the longer one.</summary>
    public int WholeRings => (Math.Max(Height, Width) * (Math.Min(Height, Width) / 2) / Math.Min(Height, Width)) + 1;

    /// <summary>The mode −k of a mode k: index n − i, not n − 1 − i.</summary>
    /// <param name="mode">The mode, 0 to N − 1.</param>
    /// <returns>The mode with both frequencies negative; the mode itself where they are 0 or half a side.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public int Mirror(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mode, Pixels);
        return (((Height - (mode / Width)) % Height) * Width) + ((Width - (mode % Width)) % Width);
    }

    /// <summary>Throws where fields are not whole ones of this size.</summary>
    /// <param name="numbers">How many numbers they are.</param>
    /// <param name="name">The parameter.</param>
    /// <returns>How many fields there are.</returns>
    internal int Count(int numbers, string name) => numbers % Pixels == 0
        ? numbers / Pixels
        : throw new ArgumentException($"Expected fields of {Height} × {Width} pixels, got {numbers} numbers.", name);

    private static int Signed(int index, int length) => 2 * index > length ? index - length : index;
}
