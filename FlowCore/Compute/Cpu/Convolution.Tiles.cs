using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>
/// The inner loops of a window: n × 2 registers of sums, c[i] = Σ_s Σ_d a[(s·depth + d)·n + i] · b_s[d]. A window is k runs of the ring, one for each of its rows; each step loads two
/// registers of b and multiplies them by n broadcast numbers of a, which stand together. Written out because sums in an array would live in memory.
/// </content>
internal static unsafe partial class Convolution<V, T>
{
    /// <summary>How the sums of a tile start and end; a struct, so that the calls vanish in the compiled loop.</summary>
    private interface IEnds
    {
        /// <summary>What a sum starts from.</summary>
        V Start(int output, T* c);

        /// <summary>Stores a finished sum.</summary>
        void End(V sum, T* c);

        /// <summary>Stores what a pixel has that is not written.</summary>
        void Zero(T* c);
    }

    // Starts at the bias of the output, or at zero without one, and is activated at the end.
    private readonly struct BiasEnds<F>(T* bias) : IEnds
        where F : struct, IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int output, T* c) => bias is null ? default : V.Create(bias[output]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, T* c) => V.Store(F.Value<V, T>(sum), c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Zero(T* c)
        {
            V.Store(default, c);
            V.Store(default, c + V.Count);
        }
    }

    // Adds to what is there.
    private readonly struct AddEnds : IEnds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int output, T* c) => V.Load(c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, T* c) => V.Store(sum, c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Zero(T* c)
        {
        }
    }

    private static void Tile<TEnds>(int outputs, T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        switch (outputs)
        {
            case 12:
                Tile12(a, window, runs, depth, c, cStride, first, ends);
                break;
            case 8:
                Tile8(a, window, runs, depth, c, cStride, first, ends);
                break;
            case 6:
                Tile6(a, window, runs, depth, c, cStride, first, ends);
                break;
            case 4:
                Tile4(a, window, runs, depth, c, cStride, first, ends);
                break;
            case 2:
                Tile2(a, window, runs, depth, c, cStride, first, ends);
                break;
            default:
                Tile1(a, window, runs, depth, c, first, ends);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12<TEnds>(T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        var s1l = ends.Start(first + 1, c + cStride);
        var s1r = ends.Start(first + 1, c + cStride + width);
        var s2l = ends.Start(first + 2, c + (2 * cStride));
        var s2r = ends.Start(first + 2, c + (2 * cStride) + width);
        var s3l = ends.Start(first + 3, c + (3 * cStride));
        var s3r = ends.Start(first + 3, c + (3 * cStride) + width);
        var s4l = ends.Start(first + 4, c + (4 * cStride));
        var s4r = ends.Start(first + 4, c + (4 * cStride) + width);
        var s5l = ends.Start(first + 5, c + (5 * cStride));
        var s5r = ends.Start(first + 5, c + (5 * cStride) + width);
        var s6l = ends.Start(first + 6, c + (6 * cStride));
        var s6r = ends.Start(first + 6, c + (6 * cStride) + width);
        var s7l = ends.Start(first + 7, c + (7 * cStride));
        var s7r = ends.Start(first + 7, c + (7 * cStride) + width);
        var s8l = ends.Start(first + 8, c + (8 * cStride));
        var s8r = ends.Start(first + 8, c + (8 * cStride) + width);
        var s9l = ends.Start(first + 9, c + (9 * cStride));
        var s9r = ends.Start(first + 9, c + (9 * cStride) + width);
        var s10l = ends.Start(first + 10, c + (10 * cStride));
        var s10r = ends.Start(first + 10, c + (10 * cStride) + width);
        var s11l = ends.Start(first + 11, c + (11 * cStride));
        var s11r = ends.Start(first + 11, c + (11 * cStride) + width);
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            for (var i = 0; i < depth; i++)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                b += 2 * width;
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                factor = V.Create(a[2]);
                s2l = V.FusedMultiplyAdd(factor, left, s2l);
                s2r = V.FusedMultiplyAdd(factor, right, s2r);
                factor = V.Create(a[3]);
                s3l = V.FusedMultiplyAdd(factor, left, s3l);
                s3r = V.FusedMultiplyAdd(factor, right, s3r);
                factor = V.Create(a[4]);
                s4l = V.FusedMultiplyAdd(factor, left, s4l);
                s4r = V.FusedMultiplyAdd(factor, right, s4r);
                factor = V.Create(a[5]);
                s5l = V.FusedMultiplyAdd(factor, left, s5l);
                s5r = V.FusedMultiplyAdd(factor, right, s5r);
                factor = V.Create(a[6]);
                s6l = V.FusedMultiplyAdd(factor, left, s6l);
                s6r = V.FusedMultiplyAdd(factor, right, s6r);
                factor = V.Create(a[7]);
                s7l = V.FusedMultiplyAdd(factor, left, s7l);
                s7r = V.FusedMultiplyAdd(factor, right, s7r);
                factor = V.Create(a[8]);
                s8l = V.FusedMultiplyAdd(factor, left, s8l);
                s8r = V.FusedMultiplyAdd(factor, right, s8r);
                factor = V.Create(a[9]);
                s9l = V.FusedMultiplyAdd(factor, left, s9l);
                s9r = V.FusedMultiplyAdd(factor, right, s9r);
                factor = V.Create(a[10]);
                s10l = V.FusedMultiplyAdd(factor, left, s10l);
                s10r = V.FusedMultiplyAdd(factor, right, s10r);
                factor = V.Create(a[11]);
                s11l = V.FusedMultiplyAdd(factor, left, s11l);
                s11r = V.FusedMultiplyAdd(factor, right, s11r);
                a += 12;
            }
        }

        ends.End(s0l, c);
        ends.End(s0r, c + width);
        ends.End(s1l, c + cStride);
        ends.End(s1r, c + cStride + width);
        ends.End(s2l, c + (2 * cStride));
        ends.End(s2r, c + (2 * cStride) + width);
        ends.End(s3l, c + (3 * cStride));
        ends.End(s3r, c + (3 * cStride) + width);
        ends.End(s4l, c + (4 * cStride));
        ends.End(s4r, c + (4 * cStride) + width);
        ends.End(s5l, c + (5 * cStride));
        ends.End(s5r, c + (5 * cStride) + width);
        ends.End(s6l, c + (6 * cStride));
        ends.End(s6r, c + (6 * cStride) + width);
        ends.End(s7l, c + (7 * cStride));
        ends.End(s7r, c + (7 * cStride) + width);
        ends.End(s8l, c + (8 * cStride));
        ends.End(s8r, c + (8 * cStride) + width);
        ends.End(s9l, c + (9 * cStride));
        ends.End(s9r, c + (9 * cStride) + width);
        ends.End(s10l, c + (10 * cStride));
        ends.End(s10r, c + (10 * cStride) + width);
        ends.End(s11l, c + (11 * cStride));
        ends.End(s11r, c + (11 * cStride) + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8<TEnds>(T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        var s1l = ends.Start(first + 1, c + cStride);
        var s1r = ends.Start(first + 1, c + cStride + width);
        var s2l = ends.Start(first + 2, c + (2 * cStride));
        var s2r = ends.Start(first + 2, c + (2 * cStride) + width);
        var s3l = ends.Start(first + 3, c + (3 * cStride));
        var s3r = ends.Start(first + 3, c + (3 * cStride) + width);
        var s4l = ends.Start(first + 4, c + (4 * cStride));
        var s4r = ends.Start(first + 4, c + (4 * cStride) + width);
        var s5l = ends.Start(first + 5, c + (5 * cStride));
        var s5r = ends.Start(first + 5, c + (5 * cStride) + width);
        var s6l = ends.Start(first + 6, c + (6 * cStride));
        var s6r = ends.Start(first + 6, c + (6 * cStride) + width);
        var s7l = ends.Start(first + 7, c + (7 * cStride));
        var s7r = ends.Start(first + 7, c + (7 * cStride) + width);
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            for (var i = 0; i < depth; i++)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                b += 2 * width;
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                factor = V.Create(a[2]);
                s2l = V.FusedMultiplyAdd(factor, left, s2l);
                s2r = V.FusedMultiplyAdd(factor, right, s2r);
                factor = V.Create(a[3]);
                s3l = V.FusedMultiplyAdd(factor, left, s3l);
                s3r = V.FusedMultiplyAdd(factor, right, s3r);
                factor = V.Create(a[4]);
                s4l = V.FusedMultiplyAdd(factor, left, s4l);
                s4r = V.FusedMultiplyAdd(factor, right, s4r);
                factor = V.Create(a[5]);
                s5l = V.FusedMultiplyAdd(factor, left, s5l);
                s5r = V.FusedMultiplyAdd(factor, right, s5r);
                factor = V.Create(a[6]);
                s6l = V.FusedMultiplyAdd(factor, left, s6l);
                s6r = V.FusedMultiplyAdd(factor, right, s6r);
                factor = V.Create(a[7]);
                s7l = V.FusedMultiplyAdd(factor, left, s7l);
                s7r = V.FusedMultiplyAdd(factor, right, s7r);
                a += 8;
            }
        }

        ends.End(s0l, c);
        ends.End(s0r, c + width);
        ends.End(s1l, c + cStride);
        ends.End(s1r, c + cStride + width);
        ends.End(s2l, c + (2 * cStride));
        ends.End(s2r, c + (2 * cStride) + width);
        ends.End(s3l, c + (3 * cStride));
        ends.End(s3r, c + (3 * cStride) + width);
        ends.End(s4l, c + (4 * cStride));
        ends.End(s4r, c + (4 * cStride) + width);
        ends.End(s5l, c + (5 * cStride));
        ends.End(s5r, c + (5 * cStride) + width);
        ends.End(s6l, c + (6 * cStride));
        ends.End(s6r, c + (6 * cStride) + width);
        ends.End(s7l, c + (7 * cStride));
        ends.End(s7r, c + (7 * cStride) + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6<TEnds>(T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        var s1l = ends.Start(first + 1, c + cStride);
        var s1r = ends.Start(first + 1, c + cStride + width);
        var s2l = ends.Start(first + 2, c + (2 * cStride));
        var s2r = ends.Start(first + 2, c + (2 * cStride) + width);
        var s3l = ends.Start(first + 3, c + (3 * cStride));
        var s3r = ends.Start(first + 3, c + (3 * cStride) + width);
        var s4l = ends.Start(first + 4, c + (4 * cStride));
        var s4r = ends.Start(first + 4, c + (4 * cStride) + width);
        var s5l = ends.Start(first + 5, c + (5 * cStride));
        var s5r = ends.Start(first + 5, c + (5 * cStride) + width);
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            for (var i = 0; i < depth; i++)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                b += 2 * width;
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                factor = V.Create(a[2]);
                s2l = V.FusedMultiplyAdd(factor, left, s2l);
                s2r = V.FusedMultiplyAdd(factor, right, s2r);
                factor = V.Create(a[3]);
                s3l = V.FusedMultiplyAdd(factor, left, s3l);
                s3r = V.FusedMultiplyAdd(factor, right, s3r);
                factor = V.Create(a[4]);
                s4l = V.FusedMultiplyAdd(factor, left, s4l);
                s4r = V.FusedMultiplyAdd(factor, right, s4r);
                factor = V.Create(a[5]);
                s5l = V.FusedMultiplyAdd(factor, left, s5l);
                s5r = V.FusedMultiplyAdd(factor, right, s5r);
                a += 6;
            }
        }

        ends.End(s0l, c);
        ends.End(s0r, c + width);
        ends.End(s1l, c + cStride);
        ends.End(s1r, c + cStride + width);
        ends.End(s2l, c + (2 * cStride));
        ends.End(s2r, c + (2 * cStride) + width);
        ends.End(s3l, c + (3 * cStride));
        ends.End(s3r, c + (3 * cStride) + width);
        ends.End(s4l, c + (4 * cStride));
        ends.End(s4r, c + (4 * cStride) + width);
        ends.End(s5l, c + (5 * cStride));
        ends.End(s5r, c + (5 * cStride) + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4<TEnds>(T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        var s1l = ends.Start(first + 1, c + cStride);
        var s1r = ends.Start(first + 1, c + cStride + width);
        var s2l = ends.Start(first + 2, c + (2 * cStride));
        var s2r = ends.Start(first + 2, c + (2 * cStride) + width);
        var s3l = ends.Start(first + 3, c + (3 * cStride));
        var s3r = ends.Start(first + 3, c + (3 * cStride) + width);
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            for (var i = 0; i < depth; i++)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                b += 2 * width;
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                factor = V.Create(a[2]);
                s2l = V.FusedMultiplyAdd(factor, left, s2l);
                s2r = V.FusedMultiplyAdd(factor, right, s2r);
                factor = V.Create(a[3]);
                s3l = V.FusedMultiplyAdd(factor, left, s3l);
                s3r = V.FusedMultiplyAdd(factor, right, s3r);
                a += 4;
            }
        }

        ends.End(s0l, c);
        ends.End(s0r, c + width);
        ends.End(s1l, c + cStride);
        ends.End(s1r, c + cStride + width);
        ends.End(s2l, c + (2 * cStride));
        ends.End(s2r, c + (2 * cStride) + width);
        ends.End(s3l, c + (3 * cStride));
        ends.End(s3r, c + (3 * cStride) + width);
    }

    // Two outputs, and two sums of each: one alone would wait for its own last product.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2<TEnds>(T* a, T** window, int runs, int depth, T* c, nint cStride, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        var s1l = ends.Start(first + 1, c + cStride);
        var s1r = ends.Start(first + 1, c + cStride + width);
        V t0l = default, t0r = default, t1l = default, t1r = default;
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            var i = 0;
            for (; i + 2 <= depth; i += 2)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                left = V.Load(b + (2 * width));
                right = V.Load(b + (3 * width));
                factor = V.Create(a[2]);
                t0l = V.FusedMultiplyAdd(factor, left, t0l);
                t0r = V.FusedMultiplyAdd(factor, right, t0r);
                factor = V.Create(a[3]);
                t1l = V.FusedMultiplyAdd(factor, left, t1l);
                t1r = V.FusedMultiplyAdd(factor, right, t1r);
                b += 4 * width;
                a += 4;
            }

            if (i < depth)
            {
                var left = V.Load(b);
                var right = V.Load(b + width);
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, left, s0l);
                s0r = V.FusedMultiplyAdd(factor, right, s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, left, s1l);
                s1r = V.FusedMultiplyAdd(factor, right, s1r);
                a += 2;
            }
        }

        ends.End(s0l + t0l, c);
        ends.End(s0r + t0r, c + width);
        ends.End(s1l + t1l, c + cStride);
        ends.End(s1r + t1r, c + cStride + width);
    }

    // One output in four sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1<TEnds>(T* a, T** window, int runs, int depth, T* c, int first, TEnds ends)
        where TEnds : struct, IEnds
    {
        var width = V.Count;
        var s0l = ends.Start(first, c);
        var s0r = ends.Start(first, c + width);
        V s1l = default, s1r = default, s2l = default, s2r = default, s3l = default, s3r = default;
        for (var run = 0; run < runs; run++)
        {
            var b = window[run];
            var i = 0;
            for (; i + 4 <= depth; i += 4)
            {
                var factor = V.Create(*a);
                s0l = V.FusedMultiplyAdd(factor, V.Load(b), s0l);
                s0r = V.FusedMultiplyAdd(factor, V.Load(b + width), s0r);
                factor = V.Create(a[1]);
                s1l = V.FusedMultiplyAdd(factor, V.Load(b + (2 * width)), s1l);
                s1r = V.FusedMultiplyAdd(factor, V.Load(b + (3 * width)), s1r);
                factor = V.Create(a[2]);
                s2l = V.FusedMultiplyAdd(factor, V.Load(b + (4 * width)), s2l);
                s2r = V.FusedMultiplyAdd(factor, V.Load(b + (5 * width)), s2r);
                factor = V.Create(a[3]);
                s3l = V.FusedMultiplyAdd(factor, V.Load(b + (6 * width)), s3l);
                s3r = V.FusedMultiplyAdd(factor, V.Load(b + (7 * width)), s3r);
                b += 8 * width;
                a += 4;
            }

            for (; i < depth; i++)
            {
                var factor = V.Create(*a++);
                s0l = V.FusedMultiplyAdd(factor, V.Load(b), s0l);
                s0r = V.FusedMultiplyAdd(factor, V.Load(b + width), s0r);
                b += 2 * width;
            }
        }

        ends.End((s0l + s1l) + (s2l + s3l), c);
        ends.End((s0r + s1r) + (s2r + s3r), c + width);
    }
}
