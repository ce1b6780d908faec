using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The adjoint with respect to the layer's weight.</content>
internal static unsafe partial class Gemm<V, T>
{
    // Up to so many inputs a register of inputs would be mostly empty, and lanes of rows that are summed at the end are faster.
    private const int FewInputs = 8;

    /// <summary>How many numbers of scratch memory <see cref="WeightAdjoint"/> needs for one transposed panel.</summary>
    internal static int ScratchLength(int rows) => 2 * V.Count * rows;

    /// <summary>dWeight[n, k] += Σ_r dy[n][r] x[k][r]. Entries outside the staircase are not touched.</summary>
    /// <remarks>
    /// x is transposed in panels of 2·<c>V.Count</c> inputs; then a lane is an input, and the loop is that of the other
    /// products with the rows as the depth.
    /// </remarks>
    /// <param name="dy">[outputs][rows]; zero in padding rows.</param>
    /// <param name="dyStride">The distance of the columns of dy.</param>
    /// <param name="x">[inputs][rows].</param>
    /// <param name="xStride">The distance of the columns of x.</param>
    /// <param name="dWeight">[outputs, inputs].</param>
    /// <param name="weightStride">The distance from one output's weights to the next.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers, best aligned to a cache line.</param>
    /// <param name="rows">A multiple of 2·<c>V.Count</c>.</param>
    /// <param name="inputs">How many inputs, at least 0.</param>
    /// <param name="outputs">How many outputs, at least 0.</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    internal static void WeightAdjoint(
        T* dy, int dyStride, T* x, int xStride, T* dWeight, int weightStride, T* scratch, int rows, int inputs, int outputs, Staircase? staircase)
    {
        if (inputs <= FewInputs)
        {
            WeightAdjointOfFewInputs(dy, dyStride, x, xStride, dWeight, weightStride, rows, inputs, outputs, staircase);
            return;
        }

        var panel = 2 * V.Count;
        var clipped = stackalloc int[LargestTile];
        var ends = staircase is null ? default : staircase.InputEnd;
        for (var k = 0; k < inputs; k += panel)
        {
            var width = Math.Min(panel, inputs - k);
            var first = staircase is null ? 0 : staircase.OutputStart[k];
            if (first >= outputs)
                break;
            Transpose(x + ((nint)k * xStride), xStride, width, rows, scratch);
            for (var n = first; n < outputs;)
            {
                var tile = TileRows(outputs - n);
                var a = dy + ((nint)n * dyStride);
                var c = dWeight + ((nint)n * weightStride) + k;

                // The first output of a tile has the smallest end.
                var smallest = ends.IsEmpty ? inputs : Math.Min(inputs, ends[n]);
                if (smallest >= k + panel)
                {
                    Tile(tile, a, dyStride, 1, scratch, panel, rows, c, weightStride, 0, default(AddEnds));
                }
                else
                {
                    for (var i = 0; i < tile; i++)
                        clipped[i] = (ends.IsEmpty ? inputs : Math.Min(inputs, ends[n + i])) - k;
                    Tile(tile, a, dyStride, 1, scratch, panel, rows, c, weightStride, 0, new ClippedAddEnds(clipped));
                }

                n += tile;
            }
        }
    }

    // Lanes are rows: 4 × 4 registers of partial sums, each added up at the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightAdjointOfFewInputs(
        T* dy, int dyStride, T* x, int xStride, T* dWeight, int weightStride, int rows, int inputs, int outputs, Staircase? staircase)
    {
        var ends = staircase is null ? default : staircase.InputEnd;
        for (var n = 0; n < outputs; n++)
        {
            var end = ends.IsEmpty ? inputs : Math.Min(inputs, ends[n]);
            var g = dy + ((nint)n * dyStride);
            var d = dWeight + ((nint)n * weightStride);
            var k = 0;
            for (; k + 4 <= end; k += 4)
            {
                var x0 = x + ((nint)k * xStride);
                var x1 = x0 + xStride;
                var x2 = x1 + xStride;
                var x3 = x2 + xStride;
                V s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
                for (var r = 0; r < rows; r += 2 * V.Count)
                {
                    var left = V.Load(g + r);
                    var right = V.Load(g + r + V.Count);
                    s0 = V.FusedMultiplyAdd(left, V.Load(x0 + r), s0);
                    s1 = V.FusedMultiplyAdd(left, V.Load(x1 + r), s1);
                    s2 = V.FusedMultiplyAdd(left, V.Load(x2 + r), s2);
                    s3 = V.FusedMultiplyAdd(left, V.Load(x3 + r), s3);
                    t0 = V.FusedMultiplyAdd(right, V.Load(x0 + r + V.Count), t0);
                    t1 = V.FusedMultiplyAdd(right, V.Load(x1 + r + V.Count), t1);
                    t2 = V.FusedMultiplyAdd(right, V.Load(x2 + r + V.Count), t2);
                    t3 = V.FusedMultiplyAdd(right, V.Load(x3 + r + V.Count), t3);
                }

                d[k] += V.Sum(s0 + t0);
                d[k + 1] += V.Sum(s1 + t1);
                d[k + 2] += V.Sum(s2 + t2);
                d[k + 3] += V.Sum(s3 + t3);
            }

            for (; k < end; k++)
            {
                var column = x + ((nint)k * xStride);
                V s = default, t = default;
                for (var r = 0; r < rows; r += 2 * V.Count)
                {
                    s = V.FusedMultiplyAdd(V.Load(g + r), V.Load(column + r), s);
                    t = V.FusedMultiplyAdd(V.Load(g + r + V.Count), V.Load(column + r + V.Count), t);
                }

                d[k] += V.Sum(s + t);
            }
        }
    }
}
