using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The three matrix products of a linear layer, and its activation with adjoint, on raw memory.</summary>
/// <remarks>
/// <para>
/// A block of events is column-major: column j (an input or output) starts j·stride numbers behind the first, and a lane is one event.
/// Rows are a multiple of 2·<c>V.Count</c>. A weight is row-major [outputs, inputs]. No alignment is required; memory
/// aligned to registers is faster.
/// </para>
/// <para>
/// Every sum over inputs or outputs runs in their order, and zeros that a staircase skips do not change it: the result of a row
/// depends on neither the other rows, the range of outputs asked for nor the register width. Sums over rows (the weight's and bias' adjoints) run in a
/// fixed order for a given number of rows and register width.
/// </para>
/// </remarks>
/// <typeparam name="V">The register.</typeparam>
/// <typeparam name="T">The number type.</typeparam>
internal static unsafe partial class Gemm<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // 128 KiB of weights, which stay in the second-level cache while the row panels go by.
    private static int WeightsOfABlock => (128 << 10) / sizeof(T);

    // 12 × 2 sums, 2 operands and a factor fit the 32 registers of 512 bits; 6 × 2 the 16 of the others.
    private static int LargestTile
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Count * sizeof(T) == 64 ? 12 : 6;
    }

    // How many rows the next tile has. The processor wants 8 independent sums or more in flight, so the rest of a
    // product is cut into tiles of 4 (× 2) and more where it can be: 10 rows are 6 + 4, not 8 + 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TileRows(int remaining)
    {
        if (remaining >= LargestTile)
            return LargestTile;
        return remaining is 8 or 9 ? 8 : remaining >= 6 ? 6 : remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
    }
}
