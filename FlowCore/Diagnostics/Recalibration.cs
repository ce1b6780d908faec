namespace FlowCore.Diagnostics;

/// <summary>
/// The monotone map that makes the numbers of a test uniform, u → R(u): what a model's levels mean, as found on events. A model whose regions of 68 % hold 52 %
/// is repaired by giving the larger regions that hold 68 %; its density and what its samples look like stay as they are. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// R goes through (u₍ₖ₎, k/(n + 1)) of the sorted numbers. <see cref="Level"/> takes the ⌈(n + 1) α⌉-th, so that a new event from the same distribution is inside
/// with a probability of at least α, and at most α + 1/(n + 1), whatever the model is (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic learning in a random world",
/// 2005; for the map V. Kuleshov, N. Fenner, S. Ermon, "Accurate uncertainties for deep learning using calibrated regression", ICML 2018).
/// </para>
/// <para>The promise is about the average over the conditions. Give it other events than those it is judged on.</para>
/// </remarks>
public sealed class Recalibration
{
    private readonly double[] _sorted;

    internal Recalibration(double[] sorted) => _sorted = sorted;

    /// <summary>n, the events it was found on.</summary>
    public int Events => _sorted.Length;

    /// <summary>R(u): the share of events whose number is up to u.</summary>
    /// <param name="u">In [0, 1].</param>
    /// <returns>A number in [0, 1], rising with u.</returns>
    public double Map(double u)
    {
        if (!(u >= 0 && u <= 1))
            throw new ArgumentOutOfRangeException(nameof(u), u, "Expected a number in [0, 1].");
        var above = SortedNumbers.CountUpTo(_sorted, u);
        var (from, to) = (above == 0 ? 0 : _sorted[above - 1], above == _sorted.Length ? 1 : _sorted[above]);
        return (above + (to > from ? (u - from) / (to - from) : 0)) / (_sorted.Length + 1);
    }

    /// <summary>
    /// The level to ask of the model for regions that hold a share α of the truth: for base coverage the region is |w|² ≤ t with F_χ²(t) at this level, for a rank the
    /// quantile of the draws at it.
    /// </summary>
    /// <param name="coverage">α, in [0, 1].</param>
    /// <returns>The level; 1, the whole space, where n is too small for α.</returns>
    public double Level(double coverage)
    {
        if (!(coverage >= 0 && coverage <= 1))
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "Expected a coverage in [0, 1].");
        var k = (int)Math.Ceiling((_sorted.Length + 1) * coverage);
        return k == 0 ? 0 : k > _sorted.Length ? 1 : _sorted[k - 1];
    }
}
