using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Fields;

/// <summary>Unitary Fourier transforms of fields of H × W pixels in memory, any number of fields at once: X_{jk} = (1/√N) Σ_{ab} x_{ab} e^{−2πi(ja/H + kb/W)}.</summary>
/// <remarks>
/// It computes with <see cref="HartleyOperation{T}"/>, whose result is Re X − Im X: on a tape take that. Sides may have any length; products of 2, 3 and 5 are fast.
/// Immutable and thread-safe; every call has memory of its own. Fields are row-major, one behind the other.
/// </remarks>
public sealed class FastFourier
{
    private readonly Device _device;

    /// <summary>Prepares transforms.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are too many pixels.</exception>
    public FastFourier(int height, int width, Device? device = null)
        : this(new FourierGrid(height, width), device)
    {
    }

    internal FastFourier(FourierGrid grid, Device? device = null)
    {
        Grid = grid;
        _device = device ?? Device.Cpu;
    }

    /// <summary>The modes.</summary>
    public FourierGrid Grid { get; }

    /// <summary>The Hartley transform of real fields, h = Re X − Im X: real, unitary and its own inverse.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="fields">Row-major [n, H · W].</param>
    /// <param name="modes">Receives [n, H · W]; may be <paramref name="fields"/>.</param>
    /// <exception cref="ArgumentException">The fields are not whole, or the room is another.</exception>
    public void Hartley<T>(ReadOnlySpan<T> fields, Span<T> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = Grid.Count(fields.Length, nameof(fields));
        CheckRoom(modes.Length, fields.Length, nameof(modes));
        if (count == 0)
            return;
        var operation = HartleyOperation<T>.Of(Grid.Height, Grid.Width);
        var rows = Math.Min(count, _device.BlockRows);
        using var kernels = _device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, rows);
        for (var first = 0; first < count; first += rows)
        {
            var block = Math.Min(rows, count - first);
            var (start, length) = (first * Grid.Pixels, block * Grid.Pixels);
            tape.Begin(block, record: false);
            tape.ReadValue(operation.Apply(tape.Input(fields.Slice(start, length), Grid.Pixels)), modes.Slice(start, length));
        }
    }

    /// <summary>The Fourier transform of real fields, all N modes of it.</summary>
    /// <param name="fields">Row-major [n, H · W].</param>
    /// <param name="modes">Receives [n, H · W].</param>
    /// <exception cref="ArgumentException">The fields are not whole, or the room is another.</exception>
    public void Transform(ReadOnlySpan<double> fields, Span<Complex> modes)
    {
        Grid.Count(fields.Length, nameof(fields));
        CheckRoom(modes.Length, fields.Length, nameof(modes));
        var hartley = new double[fields.Length];
        Hartley(fields, hartley.AsSpan());
        for (var i = 0; i < hartley.Length; i++)
        {
            var (first, mode) = (i - (i % Grid.Pixels), i % Grid.Pixels);
            var (here, there) = (hartley[i], hartley[first + Grid.Mirror(mode)]);
            modes[i] = new Complex(0.5 * (here + there), 0.5 * (there - here));
        }
    }

    /// <summary>The Fourier transform of complex fields.</summary>
    /// <param name="fields">Row-major [n, H · W].</param>
    /// <param name="modes">Receives [n, H · W].</param>
    /// <exception cref="ArgumentException">The fields are not whole, or the room is another.</exception>
    public void Transform(ReadOnlySpan<Complex> fields, Span<Complex> modes) => Transform(fields, modes, inverse: false);

    /// <summary>The inverse transform: fields of modes.</summary>
    /// <param name="modes">Row-major [n, H · W].</param>
    /// <param name="fields">Receives [n, H · W]; real up to rounding where mode −k is the conjugate of mode k.</param>
    /// <exception cref="ArgumentException">The fields are not whole, or the room is another.</exception>
    public void Inverse(ReadOnlySpan<Complex> modes, Span<Complex> fields) => Transform(modes, fields, inverse: true);

    private void Transform(ReadOnlySpan<Complex> from, Span<Complex> to, bool inverse)
    {
        Grid.Count(from.Length, nameof(from));
        CheckRoom(to.Length, from.Length, nameof(to));
        var (real, imaginary) = (new double[from.Length], new double[from.Length]);
        for (var i = 0; i < from.Length; i++)
            (real[i], imaginary[i]) = (from[i].Real, from[i].Imaginary);
        var (a, b) = (new Complex[from.Length], new Complex[from.Length]);
        Transform(real, a);
        Transform(imaginary, b);
        for (var i = 0; i < from.Length; i++)
        {
            // The inverse has the conjugate kernel, and so the conjugate transforms of real fields.
            var (p, q) = inverse ? (Complex.Conjugate(a[i]), Complex.Conjugate(b[i])) : (a[i], b[i]);
            to[i] = p + (Complex.ImaginaryOne * q);
        }
    }

    private static void CheckRoom(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"Expected room for {expected} numbers, got room for {length}.", name);
    }
}
