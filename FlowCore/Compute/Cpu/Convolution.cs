using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Compute;

/// <summary>Convolution of arrays whose pixels are columns, with both adjoints, on raw memory.</summary>
/// <remarks>
/// <para>
/// A lane is one event, so neighbouring pixels are other columns and there are no shuffles. The columns of one pixel's channels may lie a large power of two apart, where they would
/// compete for the same sets of the first-level cache, and beyond the edges there is nothing; so the rows of pixels that a row of the result needs are copied first, two registers of
/// events each, with their edges added. That is one copy of each number for k·k·n products.
/// </para>
/// <para>
/// Columns are taken in panels of 2·<c>V.Count</c> events and in strips of pixels whose copies stay in the caches. The sum of an output runs over window rows, window columns and channels, in this
/// order, or in two or four sums of every second or fourth term where one or two outputs are left over; it is the same for every pixel and strip, and a row's result depends on no other row and on no thread. Sums over events and pixels run in a fixed order for a given number of rows and register width.
/// </para>
/// </remarks>
/// <typeparam name="V">The register.</typeparam>
/// <typeparam name="T">The number type.</typeparam>
internal static unsafe partial class Convolution<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The copies of so many pixels of 8 channels fill two thirds of a first-level cache.
    private const int LongestStrip = 32;

    private static int Panel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Count;
    }

    // 12 × 2 sums, 2 operands and a factor fit the 32 registers of 512 bits; 6 × 2 the 16 of the others.
    private static bool IsWide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Count * sizeof(T) == 64;
    }

    /// <summary>How many numbers of scratch memory either direction needs.</summary>
    internal static int ScratchLength(ConvolutionShape shape)
    {
        var strip = Math.Min(shape.Width, LongestStrip);
        var rings = checked(shape.KernelSize * (strip + shape.KernelSize - 1) * (shape.Inputs + shape.Outputs) * Panel);
        var sums = checked(((shape.WindowLength + 1) * shape.Outputs * V.Count) + (strip * shape.Outputs * Panel));
        return checked(rings + sums + RoundUp(shape.WindowLength * shape.Outputs));
    }

    /// <summary>y = act(w ∗ x + b).</summary>
    internal static void Forward(
        ConvolutionShape shape, T* weight, T* bias, T* x, nint xStride, T* y, nint yStride, T* preActivation, int rows, UnaryFunction activation, T* scratch)
    {
        var source = new Side(x, xStride, shape.Inputs, shape, shape.Reads);
        var result = new Side(y, yStride, shape.Outputs, shape, shape.Writes);
        PackWeights(shape, weight, scratch);
        var ring = scratch + RoundUp(shape.WindowLength * shape.Outputs);
        if (activation == UnaryFunction.Identity && preActivation is null)
        {
            Correlate(shape, scratch, source, result, rows, ring, overwrites: true, new BiasEnds<ActivationFormulas.Identity>(bias));
        }
        else if (activation == UnaryFunction.ReLU && preActivation is null)
        {
            Correlate(shape, scratch, source, result, rows, ring, overwrites: true, new BiasEnds<ActivationFormulas.ReLU>(bias));
        }
        else if (activation == UnaryFunction.LeakyReLU && preActivation is null)
        {
            Correlate(shape, scratch, source, result, rows, ring, overwrites: true, new BiasEnds<ActivationFormulas.LeakyReLU>(bias));
        }
        else
        {
            // Column by column afterwards: the longer formulas do not fit into the loop of the products.
            var columns = shape.Outputs * shape.Pixels;
            Correlate(shape, scratch, source, result, rows, ring, overwrites: true, new BiasEnds<ActivationFormulas.Identity>(bias));
            for (var column = 0; column < columns; column++)
                Gemm<V, T>.Activate(activation, y + (column * yStride), preActivation is null ? null : preActivation + (column * yStride), rows);
        }
    }

    // The loop of both directions: for every pixel of the result its window, which lies in k runs of the ring, times the packed weights.
    private static void Correlate<TEnds>(ConvolutionShape shape, T* weights, in Side x, in Side y, int rows, T* ring, bool overwrites, TEnds ends)
        where TEnds : struct, IEnds
    {
        var (size, reach, width) = (shape.KernelSize, shape.KernelSize / 2, shape.Width);
        var strip = Math.Min(width, LongestStrip);
        var pixelLength = x.Channels * Panel;
        var slotLength = (strip + (2 * reach)) * pixelLength;
        for (var r = 0; r < rows; r += Panel)
        {
            for (var first = 0; first < width; first += strip)
            {
                var count = Math.Min(strip, width - first);
                for (var row = -reach; row < reach; row++)
                    PackRow(shape, x, r, row, first - reach, count + (2 * reach), ring + ((row + reach) * (nint)slotLength), Panel, pixelLength);
                for (var i = 0; i < shape.Height; i++)
                {
                    // Row i + reach takes the place of the one that no window needs any more.
                    PackRow(shape, x, r, i + reach, first - reach, count + (2 * reach), ring + ((i + (2 * reach)) % size * (nint)slotLength), Panel, pixelLength);
                    CorrelateRow(shape, weights, x.Channels, ring, slotLength, i, first, count, y, r, overwrites, ends);
                }
            }
        }
    }

    // The same for one row of pixels, the rows of its windows in the ring.
    private static void CorrelateRow<TEnds>(
        ConvolutionShape shape, T* weights, int channels, T* ring, nint slotLength, int row, int first, int count, in Side y, int r, bool overwrites, TEnds ends)
        where TEnds : struct, IEnds
    {
        var size = shape.KernelSize;
        var window = stackalloc T*[size];
        for (var j = 0; j < count; j++)
        {
            var target = y.At((row * shape.Width) + first + j) + r;
            if (!ConvolutionShape.Has(y.Parity, row, first + j))
            {
                for (var n = 0; overwrites && n < y.Channels; n++)
                    ends.Zero(target + (n * y.Channel));
                continue;
            }

            for (var a = 0; a < size; a++)
                window[a] = ring + ((row + a) % size * slotLength) + (j * channels * Panel);
            var w = weights;
            for (var n = 0; n < y.Channels;)
            {
                var tile = TileOutputs(y.Channels - n);
                Tile(tile, w, window, size, size * channels, target + (n * y.Channel), y.Channel, n, ends);
                w += tile * size * size * channels;
                n += tile;
            }
        }
    }

    // Copies pixels of one row of the array, the edges added; the channels lie channelStep apart, the pixels pixelStep.
    private static void PackRow(ConvolutionShape shape, in Side x, int r, int row, int firstColumn, int count, T* target, nint channelStep, nint pixelStep)
    {
        var sourceRow = shape.Within(row, shape.Height);

        var nextRow = NextRow(shape, x, sourceRow);

        // Channel by channel: the pixels of one are a stream that the processor foresees.
        for (var c = 0; c < x.Channels; c++, target += channelStep)
        {
            var from = x.At(Math.Max(sourceRow, 0) * shape.Width) + (c * x.Channel) + r;
            var to = target;
            for (var j = 0; j < count; j++, to += pixelStep)
            {
                var column = shape.Within(firstColumn + j, shape.Width);
                if (sourceRow < 0 || column < 0 || !ConvolutionShape.Has(x.Parity, sourceRow, column))
                {
                    V.Store(default, to);
                    V.Store(default, to + V.Count);
                    continue;
                }

                var pixel = from + (column * x.Pixel);
                Foresee(pixel + nextRow);
                V.Store(V.Load(pixel), to);
                V.Store(V.Load(pixel + V.Count), to + V.Count);
            }
        }
    }

    // How far the row of pixels behind one is; itself behind the last.
    private static nint NextRow(ConvolutionShape shape, in Side x, int row) => row + 1 < shape.Height ? shape.Width * x.Pixel : 0;

    // Asks for two registers of numbers of the next row: a field is larger than a near cache, and while this row is computed they can come.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Foresee(T* numbers)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch1(numbers);
        Sse.Prefetch1(numbers + V.Count);
    }

    // In the order in which the tiles read them: tile by tile, window row, window column, input, and then the outputs of the tile.
    private static void PackWeights(ConvolutionShape shape, T* weight, T* packed)
    {
        var places = shape.KernelSize * shape.KernelSize;
        for (var n = 0; n < shape.Outputs;)
        {
            var tile = TileOutputs(shape.Outputs - n);
            for (var place = 0; place < places; place++)
            {
                for (var c = 0; c < shape.Inputs; c++)
                {
                    for (var i = 0; i < tile; i++)
                        *packed++ = weight[((nint)(n + i) * shape.WindowLength) + (c * places) + place];
                }
            }

            n += tile;
        }
    }

    // The weights of the adjoint: what an input gets from an output, at the opposite place of the window.
    private static void PackTurnedWeights(ConvolutionShape shape, T* weight, T* packed)
    {
        var places = shape.KernelSize * shape.KernelSize;
        for (var c = 0; c < shape.Inputs;)
        {
            var tile = TileOutputs(shape.Inputs - c);
            for (var place = 0; place < places; place++)
            {
                for (var n = 0; n < shape.Outputs; n++)
                {
                    for (var i = 0; i < tile; i++)
                        *packed++ = weight[((nint)n * shape.WindowLength) + ((c + i) * places) + places - 1 - place];
                }
            }

            c += tile;
        }
    }

    // How many outputs the next tile has: 8 sums or more are in flight where there are four outputs or more, so 16 are 8 + 8 rather than 12 + 4.
    private static int TileOutputs(int remaining)
    {
        if (IsWide && remaining is 12 or > 16)
            return 12;
        if (IsWide && remaining >= 8)
            return 8;
        return remaining >= 6 && (IsWide || remaining != 8) ? 6 : remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
    }

    // Scratch memory is cut at cache lines.
    private static int RoundUp(int length) => checked(length + 15) & -16;

    // One side of the convolution: where the numbers of a pixel's channels are.
    private readonly struct Side(T* data, nint stride, int channels, ConvolutionShape shape, PixelParity parity)
    {
        // The distance from one channel to the next.
        public readonly nint Channel = shape.PixelsFirst ? stride : shape.Pixels * stride;

        // The distance from one pixel to the next.
        public readonly nint Pixel = shape.PixelsFirst ? channels * stride : stride;

        public readonly int Channels = channels;

        public readonly PixelParity Parity = parity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T* At(int pixel) => data + (pixel * Pixel);
    }
}
