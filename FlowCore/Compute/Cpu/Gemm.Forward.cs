namespace FlowCore.Compute;

/// <content>The layer itself.</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>y[n] = act(bias[n] + Σ_k weight[n, k] x[k]) for each row of a block.</summary>
    /// <remarks>
    /// A range of outputs is computed by moving <paramref name="weight"/>, <paramref name="bias"/> and <paramref name="y"/> to the
    /// first of them and giving its index as <paramref name="firstOutput"/>; a prefix of inputs by a smaller <paramref name="inputs"/>.
    /// </remarks>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="weightStride">The distance from one output's weights to the next.</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="x">[inputs][rows].</param>
    /// <param name="xStride">The distance of the columns of x.</param>
    /// <param name="y">[outputs][rows].</param>
    /// <param name="yStride">The distance of the columns of y.</param>
    /// <param name="preActivation">[outputs][rows] with the stride of y, where the argument of the activation is kept, or null.</param>
    /// <param name="rows">A multiple of 2·<c>V.Count</c>.</param>
    /// <param name="inputs">How many inputs, at least 0.</param>
    /// <param name="outputs">How many outputs, at least 0.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    /// <param name="firstOutput">Which output of the staircase the first one is.</param>
    internal static void Forward(
        T* weight, int weightStride, T* bias, T* x, int xStride, T* y, int yStride, T* preActivation,
        int rows, int inputs, int outputs, UnaryFunction activation, Staircase? staircase, int firstOutput = 0)
    {
        var panel = 2 * V.Count;
        var outputsOfABlock = Math.Max(1, WeightsOfABlock / Math.Max(1, inputs) / LargestTile) * LargestTile;
        var ends = staircase is null ? default : staircase.InputEnd[firstOutput..];
        var isIdentity = activation == UnaryFunction.Identity;
        var isReLU = activation == UnaryFunction.ReLU && preActivation is null;

        // Looked up once, as a tile of a narrow layer takes little longer than that.
        var activate = isIdentity || isReLU ? null : Loops(activation).Value;
        for (var start = 0; start < outputs; start += outputsOfABlock)
        {
            var stop = Math.Min(outputs, start + outputsOfABlock);
            for (var r = 0; r < rows; r += panel)
            {
                for (var n = start; n < stop;)
                {
                    var tile = TileRows(stop - n);
                    var depth = ends.IsEmpty ? inputs : Math.Min(inputs, ends[n + tile - 1]);
                    var a = weight + ((nint)n * weightStride);
                    var c = y + ((nint)n * yStride) + r;
                    if (isReLU)
                        Tile(tile, a, weightStride, 1, x + r, xStride, depth, c, yStride, n, new BiasReLUEnds(bias));
                    else
                        Tile(tile, a, weightStride, 1, x + r, xStride, depth, c, yStride, n, new BiasEnds(bias));

                    // The tile's results are still in the first-level cache.
                    for (var i = 0; i < tile && !isReLU; i++)
                    {
                        var column = c + ((nint)i * yStride);
                        if (preActivation is not null)
                            Apply<ActivationFormulas.Identity>(column, preActivation + ((nint)(n + i) * yStride) + r, panel);
                        if (activate is not null)
                            activate(column, column, panel);
                    }

                    n += tile;
                }
            }
        }
    }
}
