using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>The 4 × 4 sums that a thread keeps of a matrix product.</summary>
/// <remarks>
/// A group of X × Y threads computes 4X × 4Y numbers of the result; thread (x, y) has rows x, x + X, x + 2X, x + 3X and columns
/// y, y + Y, y + 2Y, y + 3Y of them, so that neighbouring threads read and write neighbouring memory. Both operands go through
/// shared memory, <see cref="Depth"/> of the summed index at a time. Each sum runs along the depth in order, in fused
/// multiply-adds, as the processor's do. The sums are fields, not an array, so that they live in registers.
/// </remarks>
internal struct ProductTile<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How much of the summed index is in shared memory at a time.</summary>
    public const int Depth = 16;

    /// <summary>How many rows and columns of the result a thread has.</summary>
    public const int PerThread = 4;

    /// <summary>The most threads along one side of a group.</summary>
    public const int MaximumSide = 16;

    private const int MaximumWidth = PerThread * MaximumSide;

    /// <summary>Row 0 of the sums.</summary>
    public V S00, S01, S02, S03;

    /// <summary>Row 1 of the sums.</summary>
    public V S10, S11, S12, S13;

    /// <summary>Row 2 of the sums.</summary>
    public V S20, S21, S22, S23;

    /// <summary>Row 3 of the sums.</summary>
    public V S30, S31, S32, S33;

    /// <summary>Sums that all start at zero.</summary>
    public static ProductTile<V, T> Zero => new();

    /// <summary>Sums that start at one number for each column.</summary>
    public static ProductTile<V, T> OfColumns(V column0, V column1, V column2, V column3) => new()
    {
        S00 = column0,
        S01 = column1,
        S02 = column2,
        S03 = column3,
        S10 = column0,
        S11 = column1,
        S12 = column2,
        S13 = column3,
        S20 = column0,
        S21 = column1,
        S22 = column2,
        S23 = column3,
        S30 = column0,
        S31 = column1,
        S32 = column2,
        S33 = column3,
    };

    /// <summary>Adds Σ_k a[row, k] b[column, k] for k in [start, end). All threads of the group call it.</summary>
    /// <param name="a">The operand whose rows are the result's rows.</param>
    /// <param name="firstRow">The group's first row.</param>
    /// <param name="rows">How many rows the result has.</param>
    /// <param name="b">The operand whose rows are the result's columns.</param>
    /// <param name="firstColumn">The group's first column.</param>
    /// <param name="columns">How many columns the result has.</param>
    /// <param name="start">Where the sum starts.</param>
    /// <param name="end">Where it ends.</param>
    public void Add(DeviceOperand<T> a, int firstRow, int rows, DeviceOperand<T> b, int firstColumn, int columns, int start, int end)
    {
        var sharedA = SharedMemory.Allocate<T>(Depth * MaximumWidth);
        var sharedB = SharedMemory.Allocate<T>(Depth * MaximumWidth);
        var (x, y) = (Group.IdxX, Group.IdxY);
        var (sideX, sideY) = (Group.DimX, Group.DimY);
        var thread = (y * sideX) + x;
        var threads = sideX * sideY;
        for (var k = start; k < end; k += Depth)
        {
            Load(a, firstRow, rows, PerThread * sideX, k, end, sharedA, thread, threads);
            Load(b, firstColumn, columns, PerThread * sideY, k, end, sharedB, thread, threads);
            Group.Barrier();
            var fromA = x;
            var fromB = y;
            for (var step = 0; step < Depth; step++)
            {
                var a0 = V.Create(sharedA[fromA]);
                var a1 = V.Create(sharedA[fromA + sideX]);
                var a2 = V.Create(sharedA[fromA + (2 * sideX)]);
                var a3 = V.Create(sharedA[fromA + (3 * sideX)]);
                var b0 = V.Create(sharedB[fromB]);
                var b1 = V.Create(sharedB[fromB + sideY]);
                var b2 = V.Create(sharedB[fromB + (2 * sideY)]);
                var b3 = V.Create(sharedB[fromB + (3 * sideY)]);
                S00 = V.FusedMultiplyAdd(a0, b0, S00);
                S01 = V.FusedMultiplyAdd(a0, b1, S01);
                S02 = V.FusedMultiplyAdd(a0, b2, S02);
                S03 = V.FusedMultiplyAdd(a0, b3, S03);
                S10 = V.FusedMultiplyAdd(a1, b0, S10);
                S11 = V.FusedMultiplyAdd(a1, b1, S11);
                S12 = V.FusedMultiplyAdd(a1, b2, S12);
                S13 = V.FusedMultiplyAdd(a1, b3, S13);
                S20 = V.FusedMultiplyAdd(a2, b0, S20);
                S21 = V.FusedMultiplyAdd(a2, b1, S21);
                S22 = V.FusedMultiplyAdd(a2, b2, S22);
                S23 = V.FusedMultiplyAdd(a2, b3, S23);
                S30 = V.FusedMultiplyAdd(a3, b0, S30);
                S31 = V.FusedMultiplyAdd(a3, b1, S31);
                S32 = V.FusedMultiplyAdd(a3, b2, S32);
                S33 = V.FusedMultiplyAdd(a3, b3, S33);
                fromA += PerThread * sideX;
                fromB += PerThread * sideY;
            }

            // Nobody may load the next numbers before all have used these.
            Group.Barrier();
        }
    }

    // Neighbouring threads load neighbouring memory, along the depth where that has step 1. What is outside of the operand
    // counts as zero: it changes no sum that is kept.
    private static void Load(
        DeviceOperand<T> operand, int first, int count, int width, int start, int end, ArrayView<T> shared, int thread, int threads)
    {
        for (var i = thread; i < width * Depth; i += threads)
        {
            var outer = operand.ColumnStep == 1 ? i / Depth : i % width;
            var step = operand.ColumnStep == 1 ? i % Depth : i / width;
            shared[(step * width) + outer] = first + outer < count && start + step < end ? operand[first + outer, start + step] : T.Zero;
        }
    }
}
