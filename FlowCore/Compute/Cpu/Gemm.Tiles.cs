using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>
/// The inner loops: n × 2 registers of sums, c[i] (+)= Σ_d a[i·row + d·step] · b[d·stride]. Each step loads two registers
/// of b and multiplies them by n broadcast numbers of a, so 2n products cost n + 2 loads, and the sums never leave
/// their registers. The order of a sum is that of d, whatever the tile. Written out because sums in an array would live in memory.
/// </content>
internal static unsafe partial class Gemm<V, T>
{
    // A tile of rows (1, 2, 4, 6, 8 or 12) × 2 registers; first is the index of its first row for the ends.
    private static void Tile<TEnds>(int rows, T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        switch (rows)
        {
            case 12:
                Tile12(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
            case 8:
                Tile8(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
            case 6:
                Tile6(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
            case 4:
                Tile4(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
            case 2:
                Tile2(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
            default:
                Tile1(a, row, step, b, stride, depth, c, cStride, first, ends);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var c1 = c0 + cStride;
        var c2 = c1 + cStride;
        var c3 = c2 + cStride;
        var c4 = c3 + cStride;
        var c5 = c4 + cStride;
        var c6 = c5 + cStride;
        var c7 = c6 + cStride;
        var c8 = c7 + cStride;
        var c9 = c8 + cStride;
        var c10 = c9 + cStride;
        var c11 = c10 + cStride;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);
        var s1l = ends.Start(first + 1, 0, c1);
        var s1r = ends.Start(first + 1, 1, c1 + width);
        var s2l = ends.Start(first + 2, 0, c2);
        var s2r = ends.Start(first + 2, 1, c2 + width);
        var s3l = ends.Start(first + 3, 0, c3);
        var s3r = ends.Start(first + 3, 1, c3 + width);
        var s4l = ends.Start(first + 4, 0, c4);
        var s4r = ends.Start(first + 4, 1, c4 + width);
        var s5l = ends.Start(first + 5, 0, c5);
        var s5r = ends.Start(first + 5, 1, c5 + width);
        var s6l = ends.Start(first + 6, 0, c6);
        var s6r = ends.Start(first + 6, 1, c6 + width);
        var s7l = ends.Start(first + 7, 0, c7);
        var s7r = ends.Start(first + 7, 1, c7 + width);
        var s8l = ends.Start(first + 8, 0, c8);
        var s8r = ends.Start(first + 8, 1, c8 + width);
        var s9l = ends.Start(first + 9, 0, c9);
        var s9r = ends.Start(first + 9, 1, c9 + width);
        var s10l = ends.Start(first + 10, 0, c10);
        var s10r = ends.Start(first + 10, 1, c10 + width);
        var s11l = ends.Start(first + 11, 0, c11);
        var s11r = ends.Start(first + 11, 1, c11 + width);

        var row2 = 2 * row;
        var a0 = a;
        var a3 = a + (3 * row);
        var a6 = a + (6 * row);
        var a9 = a + (9 * row);
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            factor = V.Create(a0[row]);
            s1l = V.FusedMultiplyAdd(factor, left, s1l);
            s1r = V.FusedMultiplyAdd(factor, right, s1r);
            factor = V.Create(a0[row2]);
            s2l = V.FusedMultiplyAdd(factor, left, s2l);
            s2r = V.FusedMultiplyAdd(factor, right, s2r);
            factor = V.Create(*a3);
            s3l = V.FusedMultiplyAdd(factor, left, s3l);
            s3r = V.FusedMultiplyAdd(factor, right, s3r);
            factor = V.Create(a3[row]);
            s4l = V.FusedMultiplyAdd(factor, left, s4l);
            s4r = V.FusedMultiplyAdd(factor, right, s4r);
            factor = V.Create(a3[row2]);
            s5l = V.FusedMultiplyAdd(factor, left, s5l);
            s5r = V.FusedMultiplyAdd(factor, right, s5r);
            factor = V.Create(*a6);
            s6l = V.FusedMultiplyAdd(factor, left, s6l);
            s6r = V.FusedMultiplyAdd(factor, right, s6r);
            factor = V.Create(a6[row]);
            s7l = V.FusedMultiplyAdd(factor, left, s7l);
            s7r = V.FusedMultiplyAdd(factor, right, s7r);
            factor = V.Create(a6[row2]);
            s8l = V.FusedMultiplyAdd(factor, left, s8l);
            s8r = V.FusedMultiplyAdd(factor, right, s8r);
            factor = V.Create(*a9);
            s9l = V.FusedMultiplyAdd(factor, left, s9l);
            s9r = V.FusedMultiplyAdd(factor, right, s9r);
            factor = V.Create(a9[row]);
            s10l = V.FusedMultiplyAdd(factor, left, s10l);
            s10r = V.FusedMultiplyAdd(factor, right, s10r);
            factor = V.Create(a9[row2]);
            s11l = V.FusedMultiplyAdd(factor, left, s11l);
            s11r = V.FusedMultiplyAdd(factor, right, s11r);
            a0 += step;
            a3 += step;
            a6 += step;
            a9 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
        ends.End(s1l, first + 1, 0, c1);
        ends.End(s1r, first + 1, 1, c1 + width);
        ends.End(s2l, first + 2, 0, c2);
        ends.End(s2r, first + 2, 1, c2 + width);
        ends.End(s3l, first + 3, 0, c3);
        ends.End(s3r, first + 3, 1, c3 + width);
        ends.End(s4l, first + 4, 0, c4);
        ends.End(s4r, first + 4, 1, c4 + width);
        ends.End(s5l, first + 5, 0, c5);
        ends.End(s5r, first + 5, 1, c5 + width);
        ends.End(s6l, first + 6, 0, c6);
        ends.End(s6r, first + 6, 1, c6 + width);
        ends.End(s7l, first + 7, 0, c7);
        ends.End(s7r, first + 7, 1, c7 + width);
        ends.End(s8l, first + 8, 0, c8);
        ends.End(s8r, first + 8, 1, c8 + width);
        ends.End(s9l, first + 9, 0, c9);
        ends.End(s9r, first + 9, 1, c9 + width);
        ends.End(s10l, first + 10, 0, c10);
        ends.End(s10r, first + 10, 1, c10 + width);
        ends.End(s11l, first + 11, 0, c11);
        ends.End(s11r, first + 11, 1, c11 + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var c1 = c0 + cStride;
        var c2 = c1 + cStride;
        var c3 = c2 + cStride;
        var c4 = c3 + cStride;
        var c5 = c4 + cStride;
        var c6 = c5 + cStride;
        var c7 = c6 + cStride;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);
        var s1l = ends.Start(first + 1, 0, c1);
        var s1r = ends.Start(first + 1, 1, c1 + width);
        var s2l = ends.Start(first + 2, 0, c2);
        var s2r = ends.Start(first + 2, 1, c2 + width);
        var s3l = ends.Start(first + 3, 0, c3);
        var s3r = ends.Start(first + 3, 1, c3 + width);
        var s4l = ends.Start(first + 4, 0, c4);
        var s4r = ends.Start(first + 4, 1, c4 + width);
        var s5l = ends.Start(first + 5, 0, c5);
        var s5r = ends.Start(first + 5, 1, c5 + width);
        var s6l = ends.Start(first + 6, 0, c6);
        var s6r = ends.Start(first + 6, 1, c6 + width);
        var s7l = ends.Start(first + 7, 0, c7);
        var s7r = ends.Start(first + 7, 1, c7 + width);

        var row2 = 2 * row;
        var a0 = a;
        var a3 = a + (3 * row);
        var a6 = a + (6 * row);
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            factor = V.Create(a0[row]);
            s1l = V.FusedMultiplyAdd(factor, left, s1l);
            s1r = V.FusedMultiplyAdd(factor, right, s1r);
            factor = V.Create(a0[row2]);
            s2l = V.FusedMultiplyAdd(factor, left, s2l);
            s2r = V.FusedMultiplyAdd(factor, right, s2r);
            factor = V.Create(*a3);
            s3l = V.FusedMultiplyAdd(factor, left, s3l);
            s3r = V.FusedMultiplyAdd(factor, right, s3r);
            factor = V.Create(a3[row]);
            s4l = V.FusedMultiplyAdd(factor, left, s4l);
            s4r = V.FusedMultiplyAdd(factor, right, s4r);
            factor = V.Create(a3[row2]);
            s5l = V.FusedMultiplyAdd(factor, left, s5l);
            s5r = V.FusedMultiplyAdd(factor, right, s5r);
            factor = V.Create(*a6);
            s6l = V.FusedMultiplyAdd(factor, left, s6l);
            s6r = V.FusedMultiplyAdd(factor, right, s6r);
            factor = V.Create(a6[row]);
            s7l = V.FusedMultiplyAdd(factor, left, s7l);
            s7r = V.FusedMultiplyAdd(factor, right, s7r);
            a0 += step;
            a3 += step;
            a6 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
        ends.End(s1l, first + 1, 0, c1);
        ends.End(s1r, first + 1, 1, c1 + width);
        ends.End(s2l, first + 2, 0, c2);
        ends.End(s2r, first + 2, 1, c2 + width);
        ends.End(s3l, first + 3, 0, c3);
        ends.End(s3r, first + 3, 1, c3 + width);
        ends.End(s4l, first + 4, 0, c4);
        ends.End(s4r, first + 4, 1, c4 + width);
        ends.End(s5l, first + 5, 0, c5);
        ends.End(s5r, first + 5, 1, c5 + width);
        ends.End(s6l, first + 6, 0, c6);
        ends.End(s6r, first + 6, 1, c6 + width);
        ends.End(s7l, first + 7, 0, c7);
        ends.End(s7r, first + 7, 1, c7 + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var c1 = c0 + cStride;
        var c2 = c1 + cStride;
        var c3 = c2 + cStride;
        var c4 = c3 + cStride;
        var c5 = c4 + cStride;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);
        var s1l = ends.Start(first + 1, 0, c1);
        var s1r = ends.Start(first + 1, 1, c1 + width);
        var s2l = ends.Start(first + 2, 0, c2);
        var s2r = ends.Start(first + 2, 1, c2 + width);
        var s3l = ends.Start(first + 3, 0, c3);
        var s3r = ends.Start(first + 3, 1, c3 + width);
        var s4l = ends.Start(first + 4, 0, c4);
        var s4r = ends.Start(first + 4, 1, c4 + width);
        var s5l = ends.Start(first + 5, 0, c5);
        var s5r = ends.Start(first + 5, 1, c5 + width);

        var row2 = 2 * row;
        var a0 = a;
        var a3 = a + (3 * row);
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            factor = V.Create(a0[row]);
            s1l = V.FusedMultiplyAdd(factor, left, s1l);
            s1r = V.FusedMultiplyAdd(factor, right, s1r);
            factor = V.Create(a0[row2]);
            s2l = V.FusedMultiplyAdd(factor, left, s2l);
            s2r = V.FusedMultiplyAdd(factor, right, s2r);
            factor = V.Create(*a3);
            s3l = V.FusedMultiplyAdd(factor, left, s3l);
            s3r = V.FusedMultiplyAdd(factor, right, s3r);
            factor = V.Create(a3[row]);
            s4l = V.FusedMultiplyAdd(factor, left, s4l);
            s4r = V.FusedMultiplyAdd(factor, right, s4r);
            factor = V.Create(a3[row2]);
            s5l = V.FusedMultiplyAdd(factor, left, s5l);
            s5r = V.FusedMultiplyAdd(factor, right, s5r);
            a0 += step;
            a3 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
        ends.End(s1l, first + 1, 0, c1);
        ends.End(s1r, first + 1, 1, c1 + width);
        ends.End(s2l, first + 2, 0, c2);
        ends.End(s2r, first + 2, 1, c2 + width);
        ends.End(s3l, first + 3, 0, c3);
        ends.End(s3r, first + 3, 1, c3 + width);
        ends.End(s4l, first + 4, 0, c4);
        ends.End(s4r, first + 4, 1, c4 + width);
        ends.End(s5l, first + 5, 0, c5);
        ends.End(s5r, first + 5, 1, c5 + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var c1 = c0 + cStride;
        var c2 = c1 + cStride;
        var c3 = c2 + cStride;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);
        var s1l = ends.Start(first + 1, 0, c1);
        var s1r = ends.Start(first + 1, 1, c1 + width);
        var s2l = ends.Start(first + 2, 0, c2);
        var s2r = ends.Start(first + 2, 1, c2 + width);
        var s3l = ends.Start(first + 3, 0, c3);
        var s3r = ends.Start(first + 3, 1, c3 + width);

        var row2 = 2 * row;
        var a0 = a;
        var a3 = a + (3 * row);
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            factor = V.Create(a0[row]);
            s1l = V.FusedMultiplyAdd(factor, left, s1l);
            s1r = V.FusedMultiplyAdd(factor, right, s1r);
            factor = V.Create(a0[row2]);
            s2l = V.FusedMultiplyAdd(factor, left, s2l);
            s2r = V.FusedMultiplyAdd(factor, right, s2r);
            factor = V.Create(*a3);
            s3l = V.FusedMultiplyAdd(factor, left, s3l);
            s3r = V.FusedMultiplyAdd(factor, right, s3r);
            a0 += step;
            a3 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
        ends.End(s1l, first + 1, 0, c1);
        ends.End(s1r, first + 1, 1, c1 + width);
        ends.End(s2l, first + 2, 0, c2);
        ends.End(s2r, first + 2, 1, c2 + width);
        ends.End(s3l, first + 3, 0, c3);
        ends.End(s3r, first + 3, 1, c3 + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var c1 = c0 + cStride;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);
        var s1l = ends.Start(first + 1, 0, c1);
        var s1r = ends.Start(first + 1, 1, c1 + width);

        var a0 = a;
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            factor = V.Create(a0[row]);
            s1l = V.FusedMultiplyAdd(factor, left, s1l);
            s1r = V.FusedMultiplyAdd(factor, right, s1r);
            a0 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
        ends.End(s1l, first + 1, 0, c1);
        ends.End(s1r, first + 1, 1, c1 + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1<TEnds>(T* a, nint row, nint step, T* b, nint stride, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, ITileEnds
    {
        var width = V.Count;
        var c0 = c;
        var s0l = ends.Start(first + 0, 0, c0);
        var s0r = ends.Start(first + 0, 1, c0 + width);

        var a0 = a;
        for (var i = 0; i < depth; i++)
        {
            var left = V.Load(b);
            var right = V.Load(b + width);
            b += stride;
            var factor = V.Create(*a0);
            s0l = V.FusedMultiplyAdd(factor, left, s0l);
            s0r = V.FusedMultiplyAdd(factor, right, s0r);
            a0 += step;
        }

        ends.End(s0l, first + 0, 0, c0);
        ends.End(s0r, first + 0, 1, c0 + width);
    }
}
