using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The adjoint with respect to weights and bias.</content>
/// <remarks>
/// Lanes are events; a tile is n outputs × 3 places of the window (or 3 channels, where the window is one pixel), whose sums stay in registers along a row of pixels. Between rows they wait
/// in memory as registers; at the end each is added up across its lanes. What is read of the argument for the three places is nearly the same run of pixels, shifted by one.
/// </remarks>
internal static unsafe partial class Convolution<V, T>
{
    // What one row of pixels adds to the sums of the weights.
    private static void AddRow(
        ConvolutionShape shape, T* packed, nint outputLength, T* ring, nint slotLength, nint channelLength, int row, int count, T* sums)
    {
        var (size, places) = (shape.KernelSize, shape.KernelSize * shape.KernelSize);
        var outputSums = (nint)shape.WindowLength * V.Count;
        for (var n = 0; n < shape.Outputs;)
        {
            var tile = TileOutputsOfWeights(shape.Outputs - n);
            var a = packed + (n * outputLength);
            var target = sums + (n * outputSums);
            if (size == 1)
            {
                for (var c = 0; c < shape.Inputs; c += 3)
                    WeightTile(tile, Math.Min(3, shape.Inputs - c), a, outputLength, ring + (c * channelLength), channelLength, 2 * count, target + (c * V.Count), outputSums);
            }
            else
            {
                for (var c = 0; c < shape.Inputs; c++)
                {
                    for (var place = 0; place < places; place += size)
                    {
                        var b = ring + (((row + (place / size)) % size) * slotLength) + (c * channelLength);
                        for (var shift = 0; shift < size; shift += 3)
                        {
                            WeightTile(
                                tile, Math.Min(3, size - shift), a, outputLength, b + (shift * Panel), Panel, 2 * count,
                                target + (((c * places) + place + shift) * V.Count), outputSums);
                        }
                    }
                }
            }

            n += tile;
        }
    }

    // 8 × 3 sums, 3 operands and a factor fit 32 registers, 4 × 3 sums 16.
    private static int TileOutputsOfWeights(int remaining)
    {
        if (IsWide && remaining >= 8 && remaining is not 12)
            return 8;
        if (IsWide && remaining >= 6)
            return 6;
        return remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
    }

    // A tile of outputs (1, 2, 4, 6 or 8) × 3 places; where there are 1 or 2 places, one after the other.
    private static void WeightTile(int outputs, int places, T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        if (places < 3)
        {
            for (var place = 0; place < places; place++)
                WeightTileOfOne(outputs, a, row, b + (place * step), depth, c + (place * V.Count), cStride);
            return;
        }

        switch (outputs)
        {
            case 8:
                WeightTile8(a, row, b, step, depth, c, cStride);
                break;
            case 6:
                WeightTile6(a, row, b, step, depth, c, cStride);
                break;
            case 4:
                WeightTile4(a, row, b, step, depth, c, cStride);
                break;
            case 2:
                WeightTile2(a, row, b, step, depth, c, cStride);
                break;
            default:
                WeightTile1(a, row, b, step, depth, c, cStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTileOfOne(int outputs, T* a, nint row, T* b, int depth, T* c, nint cStride)
    {
        for (; outputs >= 2; outputs -= 2, a += 2 * row, c += 2 * cStride)
        {
            V s0 = default, s1 = default, t0 = default, t1 = default;
            for (var i = 0; i < depth; i += 2)
            {
                var left = V.Load(b + (i * V.Count));
                var right = V.Load(b + ((i + 1) * V.Count));
                s0 = V.FusedMultiplyAdd(V.Load(a + (i * V.Count)), left, s0);
                t0 = V.FusedMultiplyAdd(V.Load(a + ((i + 1) * V.Count)), right, t0);
                s1 = V.FusedMultiplyAdd(V.Load(a + row + (i * V.Count)), left, s1);
                t1 = V.FusedMultiplyAdd(V.Load(a + row + ((i + 1) * V.Count)), right, t1);
            }

            V.Store(V.Load(c) + (s0 + t0), c);
            V.Store(V.Load(c + cStride) + (s1 + t1), c + cStride);
        }

        if (outputs == 0)
            return;
        V s = default, t = default;
        for (var i = 0; i < depth; i += 2)
        {
            s = V.FusedMultiplyAdd(V.Load(a + (i * V.Count)), V.Load(b + (i * V.Count)), s);
            t = V.FusedMultiplyAdd(V.Load(a + ((i + 1) * V.Count)), V.Load(b + ((i + 1) * V.Count)), t);
        }

        V.Store(V.Load(c) + (s + t), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTile8(T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        var width = V.Count;
        var s0x = V.Load(c);
        var s0y = V.Load(c + width);
        var s0z = V.Load(c + (2 * width));
        var s1x = V.Load(c + cStride);
        var s1y = V.Load(c + cStride + width);
        var s1z = V.Load(c + cStride + (2 * width));
        var s2x = V.Load(c + (2 * cStride));
        var s2y = V.Load(c + (2 * cStride) + width);
        var s2z = V.Load(c + (2 * cStride) + (2 * width));
        var s3x = V.Load(c + (3 * cStride));
        var s3y = V.Load(c + (3 * cStride) + width);
        var s3z = V.Load(c + (3 * cStride) + (2 * width));
        var s4x = V.Load(c + (4 * cStride));
        var s4y = V.Load(c + (4 * cStride) + width);
        var s4z = V.Load(c + (4 * cStride) + (2 * width));
        var s5x = V.Load(c + (5 * cStride));
        var s5y = V.Load(c + (5 * cStride) + width);
        var s5z = V.Load(c + (5 * cStride) + (2 * width));
        var s6x = V.Load(c + (6 * cStride));
        var s6y = V.Load(c + (6 * cStride) + width);
        var s6z = V.Load(c + (6 * cStride) + (2 * width));
        var s7x = V.Load(c + (7 * cStride));
        var s7y = V.Load(c + (7 * cStride) + width);
        var s7z = V.Load(c + (7 * cStride) + (2 * width));
        var a3 = a + (3 * row);
        var a6 = a + (6 * row);
        for (var i = 0; i < depth; i++)
        {
            var x = V.Load(b);
            var y = V.Load(b + step);
            var z = V.Load(b + (2 * step));
            var factor = V.Load(a);
            s0x = V.FusedMultiplyAdd(factor, x, s0x);
            s0y = V.FusedMultiplyAdd(factor, y, s0y);
            s0z = V.FusedMultiplyAdd(factor, z, s0z);
            factor = V.Load(a + row);
            s1x = V.FusedMultiplyAdd(factor, x, s1x);
            s1y = V.FusedMultiplyAdd(factor, y, s1y);
            s1z = V.FusedMultiplyAdd(factor, z, s1z);
            factor = V.Load(a + (2 * row));
            s2x = V.FusedMultiplyAdd(factor, x, s2x);
            s2y = V.FusedMultiplyAdd(factor, y, s2y);
            s2z = V.FusedMultiplyAdd(factor, z, s2z);
            factor = V.Load(a3);
            s3x = V.FusedMultiplyAdd(factor, x, s3x);
            s3y = V.FusedMultiplyAdd(factor, y, s3y);
            s3z = V.FusedMultiplyAdd(factor, z, s3z);
            factor = V.Load(a3 + row);
            s4x = V.FusedMultiplyAdd(factor, x, s4x);
            s4y = V.FusedMultiplyAdd(factor, y, s4y);
            s4z = V.FusedMultiplyAdd(factor, z, s4z);
            factor = V.Load(a3 + (2 * row));
            s5x = V.FusedMultiplyAdd(factor, x, s5x);
            s5y = V.FusedMultiplyAdd(factor, y, s5y);
            s5z = V.FusedMultiplyAdd(factor, z, s5z);
            factor = V.Load(a6);
            s6x = V.FusedMultiplyAdd(factor, x, s6x);
            s6y = V.FusedMultiplyAdd(factor, y, s6y);
            s6z = V.FusedMultiplyAdd(factor, z, s6z);
            factor = V.Load(a6 + row);
            s7x = V.FusedMultiplyAdd(factor, x, s7x);
            s7y = V.FusedMultiplyAdd(factor, y, s7y);
            s7z = V.FusedMultiplyAdd(factor, z, s7z);
            a += width;
            a3 += width;
            a6 += width;
            b += width;
        }

        V.Store(s0x, c);
        V.Store(s0y, c + width);
        V.Store(s0z, c + (2 * width));
        V.Store(s1x, c + cStride);
        V.Store(s1y, c + cStride + width);
        V.Store(s1z, c + cStride + (2 * width));
        V.Store(s2x, c + (2 * cStride));
        V.Store(s2y, c + (2 * cStride) + width);
        V.Store(s2z, c + (2 * cStride) + (2 * width));
        V.Store(s3x, c + (3 * cStride));
        V.Store(s3y, c + (3 * cStride) + width);
        V.Store(s3z, c + (3 * cStride) + (2 * width));
        V.Store(s4x, c + (4 * cStride));
        V.Store(s4y, c + (4 * cStride) + width);
        V.Store(s4z, c + (4 * cStride) + (2 * width));
        V.Store(s5x, c + (5 * cStride));
        V.Store(s5y, c + (5 * cStride) + width);
        V.Store(s5z, c + (5 * cStride) + (2 * width));
        V.Store(s6x, c + (6 * cStride));
        V.Store(s6y, c + (6 * cStride) + width);
        V.Store(s6z, c + (6 * cStride) + (2 * width));
        V.Store(s7x, c + (7 * cStride));
        V.Store(s7y, c + (7 * cStride) + width);
        V.Store(s7z, c + (7 * cStride) + (2 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTile6(T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        var width = V.Count;
        var s0x = V.Load(c);
        var s0y = V.Load(c + width);
        var s0z = V.Load(c + (2 * width));
        var s1x = V.Load(c + cStride);
        var s1y = V.Load(c + cStride + width);
        var s1z = V.Load(c + cStride + (2 * width));
        var s2x = V.Load(c + (2 * cStride));
        var s2y = V.Load(c + (2 * cStride) + width);
        var s2z = V.Load(c + (2 * cStride) + (2 * width));
        var s3x = V.Load(c + (3 * cStride));
        var s3y = V.Load(c + (3 * cStride) + width);
        var s3z = V.Load(c + (3 * cStride) + (2 * width));
        var s4x = V.Load(c + (4 * cStride));
        var s4y = V.Load(c + (4 * cStride) + width);
        var s4z = V.Load(c + (4 * cStride) + (2 * width));
        var s5x = V.Load(c + (5 * cStride));
        var s5y = V.Load(c + (5 * cStride) + width);
        var s5z = V.Load(c + (5 * cStride) + (2 * width));
        var a3 = a + (3 * row);
        for (var i = 0; i < depth; i++)
        {
            var x = V.Load(b);
            var y = V.Load(b + step);
            var z = V.Load(b + (2 * step));
            var factor = V.Load(a);
            s0x = V.FusedMultiplyAdd(factor, x, s0x);
            s0y = V.FusedMultiplyAdd(factor, y, s0y);
            s0z = V.FusedMultiplyAdd(factor, z, s0z);
            factor = V.Load(a + row);
            s1x = V.FusedMultiplyAdd(factor, x, s1x);
            s1y = V.FusedMultiplyAdd(factor, y, s1y);
            s1z = V.FusedMultiplyAdd(factor, z, s1z);
            factor = V.Load(a + (2 * row));
            s2x = V.FusedMultiplyAdd(factor, x, s2x);
            s2y = V.FusedMultiplyAdd(factor, y, s2y);
            s2z = V.FusedMultiplyAdd(factor, z, s2z);
            factor = V.Load(a3);
            s3x = V.FusedMultiplyAdd(factor, x, s3x);
            s3y = V.FusedMultiplyAdd(factor, y, s3y);
            s3z = V.FusedMultiplyAdd(factor, z, s3z);
            factor = V.Load(a3 + row);
            s4x = V.FusedMultiplyAdd(factor, x, s4x);
            s4y = V.FusedMultiplyAdd(factor, y, s4y);
            s4z = V.FusedMultiplyAdd(factor, z, s4z);
            factor = V.Load(a3 + (2 * row));
            s5x = V.FusedMultiplyAdd(factor, x, s5x);
            s5y = V.FusedMultiplyAdd(factor, y, s5y);
            s5z = V.FusedMultiplyAdd(factor, z, s5z);
            a += width;
            a3 += width;
            b += width;
        }

        V.Store(s0x, c);
        V.Store(s0y, c + width);
        V.Store(s0z, c + (2 * width));
        V.Store(s1x, c + cStride);
        V.Store(s1y, c + cStride + width);
        V.Store(s1z, c + cStride + (2 * width));
        V.Store(s2x, c + (2 * cStride));
        V.Store(s2y, c + (2 * cStride) + width);
        V.Store(s2z, c + (2 * cStride) + (2 * width));
        V.Store(s3x, c + (3 * cStride));
        V.Store(s3y, c + (3 * cStride) + width);
        V.Store(s3z, c + (3 * cStride) + (2 * width));
        V.Store(s4x, c + (4 * cStride));
        V.Store(s4y, c + (4 * cStride) + width);
        V.Store(s4z, c + (4 * cStride) + (2 * width));
        V.Store(s5x, c + (5 * cStride));
        V.Store(s5y, c + (5 * cStride) + width);
        V.Store(s5z, c + (5 * cStride) + (2 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTile4(T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        var width = V.Count;
        var s0x = V.Load(c);
        var s0y = V.Load(c + width);
        var s0z = V.Load(c + (2 * width));
        var s1x = V.Load(c + cStride);
        var s1y = V.Load(c + cStride + width);
        var s1z = V.Load(c + cStride + (2 * width));
        var s2x = V.Load(c + (2 * cStride));
        var s2y = V.Load(c + (2 * cStride) + width);
        var s2z = V.Load(c + (2 * cStride) + (2 * width));
        var s3x = V.Load(c + (3 * cStride));
        var s3y = V.Load(c + (3 * cStride) + width);
        var s3z = V.Load(c + (3 * cStride) + (2 * width));
        var a3 = a + (3 * row);
        for (var i = 0; i < depth; i++)
        {
            var x = V.Load(b);
            var y = V.Load(b + step);
            var z = V.Load(b + (2 * step));
            var factor = V.Load(a);
            s0x = V.FusedMultiplyAdd(factor, x, s0x);
            s0y = V.FusedMultiplyAdd(factor, y, s0y);
            s0z = V.FusedMultiplyAdd(factor, z, s0z);
            factor = V.Load(a + row);
            s1x = V.FusedMultiplyAdd(factor, x, s1x);
            s1y = V.FusedMultiplyAdd(factor, y, s1y);
            s1z = V.FusedMultiplyAdd(factor, z, s1z);
            factor = V.Load(a + (2 * row));
            s2x = V.FusedMultiplyAdd(factor, x, s2x);
            s2y = V.FusedMultiplyAdd(factor, y, s2y);
            s2z = V.FusedMultiplyAdd(factor, z, s2z);
            factor = V.Load(a3);
            s3x = V.FusedMultiplyAdd(factor, x, s3x);
            s3y = V.FusedMultiplyAdd(factor, y, s3y);
            s3z = V.FusedMultiplyAdd(factor, z, s3z);
            a += width;
            a3 += width;
            b += width;
        }

        V.Store(s0x, c);
        V.Store(s0y, c + width);
        V.Store(s0z, c + (2 * width));
        V.Store(s1x, c + cStride);
        V.Store(s1y, c + cStride + width);
        V.Store(s1z, c + cStride + (2 * width));
        V.Store(s2x, c + (2 * cStride));
        V.Store(s2y, c + (2 * cStride) + width);
        V.Store(s2z, c + (2 * cStride) + (2 * width));
        V.Store(s3x, c + (3 * cStride));
        V.Store(s3y, c + (3 * cStride) + width);
        V.Store(s3z, c + (3 * cStride) + (2 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTile2(T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        var width = V.Count;
        var s0x = V.Load(c);
        var s0y = V.Load(c + width);
        var s0z = V.Load(c + (2 * width));
        var s1x = V.Load(c + cStride);
        var s1y = V.Load(c + cStride + width);
        var s1z = V.Load(c + cStride + (2 * width));
        for (var i = 0; i < depth; i++)
        {
            var x = V.Load(b);
            var y = V.Load(b + step);
            var z = V.Load(b + (2 * step));
            var factor = V.Load(a);
            s0x = V.FusedMultiplyAdd(factor, x, s0x);
            s0y = V.FusedMultiplyAdd(factor, y, s0y);
            s0z = V.FusedMultiplyAdd(factor, z, s0z);
            factor = V.Load(a + row);
            s1x = V.FusedMultiplyAdd(factor, x, s1x);
            s1y = V.FusedMultiplyAdd(factor, y, s1y);
            s1z = V.FusedMultiplyAdd(factor, z, s1z);
            a += width;
            b += width;
        }

        V.Store(s0x, c);
        V.Store(s0y, c + width);
        V.Store(s0z, c + (2 * width));
        V.Store(s1x, c + cStride);
        V.Store(s1y, c + cStride + width);
        V.Store(s1z, c + cStride + (2 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightTile1(T* a, nint row, T* b, nint step, int depth, T* c, nint cStride)
    {
        var width = V.Count;
        var s0x = V.Load(c);
        var s0y = V.Load(c + width);
        var s0z = V.Load(c + (2 * width));
        for (var i = 0; i < depth; i++)
        {
            var x = V.Load(b);
            var y = V.Load(b + step);
            var z = V.Load(b + (2 * step));
            var factor = V.Load(a);
            s0x = V.FusedMultiplyAdd(factor, x, s0x);
            s0y = V.FusedMultiplyAdd(factor, y, s0y);
            s0z = V.FusedMultiplyAdd(factor, z, s0z);
            a += width;
            b += width;
        }

        V.Store(s0x, c);
        V.Store(s0y, c + width);
        V.Store(s0z, c + (2 * width));
    }
}
