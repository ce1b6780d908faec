namespace FlowCore.Compute;

/// <content>The adjoint with respect to the layer's input.</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>dx[k] = Σ_n weight[n, k] dy[n] for each row of a block, or that added to dx.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="weightStride">The distance from one output's weights to the next.</param>
    /// <param name="dy">[outputs][rows].</param>
    /// <param name="dyStride">The distance of the columns of dy.</param>
    /// <param name="dx">[inputs][rows].</param>
    /// <param name="dxStride">The distance of the columns of dx.</param>
    /// <param name="rows">A multiple of 2·<c>V.Count</c>.</param>
    /// <param name="inputs">How many inputs, at least 0.</param>
    /// <param name="outputs">How many outputs, at least 0.</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    /// <param name="accumulate">Whether to add to dx or to overwrite it.</param>
    internal static void InputAdjoint(
        T* weight, int weightStride, T* dy, int dyStride, T* dx, int dxStride, int rows, int inputs, int outputs, Staircase? staircase, bool accumulate)
    {
        var panel = 2 * V.Count;
        var starts = staircase is null ? default : staircase.OutputStart;

        // Outputs are taken in blocks whose panel of dy, and with it the weights of a tile, stay in the first-level cache.
        for (var first = 0; first < outputs || first == 0; first += OutputsOfABlock)
        {
            var last = Math.Min(outputs, first + OutputsOfABlock);
            for (var r = 0; r < rows; r += panel)
            {
                for (var k = 0; k < inputs;)
                {
                    var tile = TileRows(inputs - k);
                    var start = starts.IsEmpty ? first : Math.Clamp(starts[k], first, last);
                    var a = weight + ((nint)start * weightStride) + k;
                    var b = dy + ((nint)start * dyStride) + r;
                    var c = dx + ((nint)k * dxStride) + r;
                    if (accumulate || first > 0)
                        Tile(tile, a, 1, weightStride, b, dyStride, last - start, c, dxStride, k, default(AddEnds));
                    else
                        Tile(tile, a, 1, weightStride, b, dyStride, last - start, c, dxStride, k, new BiasEnds(null));
                    k += tile;
                }
            }
        }
    }

    private const int OutputsOfABlock = 256;
}
