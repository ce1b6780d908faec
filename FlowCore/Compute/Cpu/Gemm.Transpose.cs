using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Compute;

/// <content>Columns to rows, for the weight's adjoint.</content>
internal static unsafe partial class Gemm<V, T>
{
    // target[r · 2·V.Count + j] = x[j][r] for j < width, zero for the rest of the panel.
    private static void Transpose(T* x, nint xStride, int width, int rows, T* target)
    {
        var panel = 2 * V.Count;
        var j = 0;
        if (V.Count * sizeof(T) == 64 && Avx512F.IsSupported)
        {
            for (; j + V.Count <= width; j += V.Count)
            {
                if (typeof(T) == typeof(float))
                    Transpose512((float*)x + (j * xStride), xStride, rows, (float*)target + j);
                else
                    Transpose512((double*)x + (j * xStride), xStride, rows, (double*)target + j);
            }
        }
        else if (V.Count * sizeof(T) == 32 && Avx.IsSupported)
        {
            for (; j + V.Count <= width; j += V.Count)
            {
                if (typeof(T) == typeof(float))
                    Transpose256((float*)x + (j * xStride), xStride, rows, (float*)target + j);
                else
                    Transpose256((double*)x + (j * xStride), xStride, rows, (double*)target + j);
            }
        }

        for (; j + 4 <= width; j += 4)
            TransposeFour(x + (j * xStride), xStride, rows, target + j);
        for (; j < panel; j++)
        {
            var column = x + (j * xStride);
            for (var r = 0; r < rows; r++)
                target[((nint)r * panel) + j] = j < width ? column[r] : T.Zero;
        }
    }

    // Four columns, number by number.
    private static void TransposeFour(T* x, nint xStride, int rows, T* target)
    {
        var x1 = x + xStride;
        var x2 = x1 + xStride;
        var x3 = x2 + xStride;
        for (var r = 0; r < rows; r++, target += 2 * V.Count)
        {
            target[0] = x[r];
            target[1] = x1[r];
            target[2] = x2[r];
            target[3] = x3[r];
        }
    }

    // Squares of 16 × 16. Four columns at a time are interleaved within each 128 bits, so that part L of register m
    // holds row 4·L + m of the four; then the parts of the four groups of columns are gathered.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose512(float* x, nint xStride, int rows, float* target)
    {
        const int Panel = 32;
        for (var r = 0; r < rows; r += 16, x += 16, target += 16 * Panel)
        {
            var column = x;
            Interleave512(column, xStride, out var a0, out var a1, out var a2, out var a3);
            column += 4 * xStride;
            Interleave512(column, xStride, out var b0, out var b1, out var b2, out var b3);
            column += 4 * xStride;
            Interleave512(column, xStride, out var c0, out var c1, out var c2, out var c3);
            column += 4 * xStride;
            Interleave512(column, xStride, out var d0, out var d1, out var d2, out var d3);
            StoreParts(a0, b0, c0, d0, target, 4 * Panel);
            StoreParts(a1, b1, c1, d1, target + Panel, 4 * Panel);
            StoreParts(a2, b2, c2, d2, target + (2 * Panel), 4 * Panel);
            StoreParts(a3, b3, c3, d3, target + (3 * Panel), 4 * Panel);
        }
    }

    // Squares of 8 × 8 in the same way, two columns to 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose512(double* x, nint xStride, int rows, double* target)
    {
        const int Panel = 16;
        for (var r = 0; r < rows; r += 8, x += 8, target += 8 * Panel)
        {
            var column = x;
            Interleave512(column, xStride, out var a0, out var a1);
            column += 2 * xStride;
            Interleave512(column, xStride, out var b0, out var b1);
            column += 2 * xStride;
            Interleave512(column, xStride, out var c0, out var c1);
            column += 2 * xStride;
            Interleave512(column, xStride, out var d0, out var d1);
            StoreParts(a0, b0, c0, d0, (float*)target, 2 * 2 * Panel);
            StoreParts(a1, b1, c1, d1, (float*)(target + Panel), 2 * 2 * Panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave512(
        float* x, nint xStride, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        var c0 = Vector512.Load(x);
        var c1 = Vector512.Load(x + xStride);
        var c2 = Vector512.Load(x + (2 * xStride));
        var c3 = Vector512.Load(x + (3 * xStride));
        var low01 = Avx512F.UnpackLow(c0, c1).AsDouble();
        var high01 = Avx512F.UnpackHigh(c0, c1).AsDouble();
        var low23 = Avx512F.UnpackLow(c2, c3).AsDouble();
        var high23 = Avx512F.UnpackHigh(c2, c3).AsDouble();
        r0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        r1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        r2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        r3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave512(double* x, nint xStride, out Vector512<float> r0, out Vector512<float> r1)
    {
        var c0 = Vector512.Load(x);
        var c1 = Vector512.Load(x + xStride);
        r0 = Avx512F.UnpackLow(c0, c1).AsSingle();
        r1 = Avx512F.UnpackHigh(c0, c1).AsSingle();
    }

    // Stores the first 128 bits of the four registers side by side, then the second, and so on, stride floats apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreParts(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, nint stride)
    {
        var lowAb = Avx512F.Shuffle4x128(a, b, 0x44);
        var highAb = Avx512F.Shuffle4x128(a, b, 0xEE);
        var lowCd = Avx512F.Shuffle4x128(c, d, 0x44);
        var highCd = Avx512F.Shuffle4x128(c, d, 0xEE);
        Avx512F.Shuffle4x128(lowAb, lowCd, 0x88).Store(target);
        Avx512F.Shuffle4x128(lowAb, lowCd, 0xDD).Store(target + stride);
        Avx512F.Shuffle4x128(highAb, highCd, 0x88).Store(target + (2 * stride));
        Avx512F.Shuffle4x128(highAb, highCd, 0xDD).Store(target + (3 * stride));
    }

    // Squares of 8 × 8: two groups of four columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose256(float* x, nint xStride, int rows, float* target)
    {
        const int Panel = 16;
        for (var r = 0; r < rows; r += 8, x += 8, target += 8 * Panel)
        {
            Interleave256(x, xStride, out var a0, out var a1, out var a2, out var a3);
            Interleave256(x + (4 * xStride), xStride, out var b0, out var b1, out var b2, out var b3);
            StoreParts(a0, b0, target, 4 * Panel);
            StoreParts(a1, b1, target + Panel, 4 * Panel);
            StoreParts(a2, b2, target + (2 * Panel), 4 * Panel);
            StoreParts(a3, b3, target + (3 * Panel), 4 * Panel);
        }
    }

    // Squares of 4 × 4: two groups of two columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose256(double* x, nint xStride, int rows, double* target)
    {
        const int Panel = 8;
        for (var r = 0; r < rows; r += 4, x += 4, target += 4 * Panel)
        {
            var c0 = Vector256.Load(x);
            var c1 = Vector256.Load(x + xStride);
            var c2 = Vector256.Load(x + (2 * xStride));
            var c3 = Vector256.Load(x + (3 * xStride));
            StoreParts(Avx.UnpackLow(c0, c1).AsSingle(), Avx.UnpackLow(c2, c3).AsSingle(), (float*)target, 2 * 2 * Panel);
            StoreParts(Avx.UnpackHigh(c0, c1).AsSingle(), Avx.UnpackHigh(c2, c3).AsSingle(), (float*)(target + Panel), 2 * 2 * Panel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave256(
        float* x, nint xStride, out Vector256<float> r0, out Vector256<float> r1, out Vector256<float> r2, out Vector256<float> r3)
    {
        var c0 = Vector256.Load(x);
        var c1 = Vector256.Load(x + xStride);
        var c2 = Vector256.Load(x + (2 * xStride));
        var c3 = Vector256.Load(x + (3 * xStride));
        var low01 = Avx.UnpackLow(c0, c1).AsDouble();
        var high01 = Avx.UnpackHigh(c0, c1).AsDouble();
        var low23 = Avx.UnpackLow(c2, c3).AsDouble();
        var high23 = Avx.UnpackHigh(c2, c3).AsDouble();
        r0 = Avx.UnpackLow(low01, low23).AsSingle();
        r1 = Avx.UnpackHigh(low01, low23).AsSingle();
        r2 = Avx.UnpackLow(high01, high23).AsSingle();
        r3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreParts(Vector256<float> a, Vector256<float> b, float* target, nint stride)
    {
        Avx.Permute2x128(a, b, 0x20).Store(target);
        Avx.Permute2x128(a, b, 0x31).Store(target + stride);
    }
}
