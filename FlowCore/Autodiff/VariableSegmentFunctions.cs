using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Functions of segments of columns, running sums, order and repetition, to be written as x.SoftmaxSegments(8).</summary>
/// <remarks>
/// A segment is K neighbouring columns, for instance the K numbers of a feature; each row and each segment is computed by itself. Errors are
/// <see cref="ArgumentException"/>: a variable is missing, of another tape or an earlier block, its columns are no multiple of K, or K is not positive.
/// Nothing is allocated on the managed heap but by the first call with a length.
/// </remarks>
public static class VariableSegmentFunctions
{
    /// <summary>The value as a constant: a view through which no adjoint passes.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">Any variable.</param>
    /// <returns>The same numbers.</returns>
    public static Variable<T> StopGradient<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OperandChecks.TapeOf(x, nameof(x)).StopGradient(x);

    /// <summary>Running sums of each segment.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <param name="exclusive">Whether a sum leaves its own number out, and so starts from 0.</param>
    /// <param name="reverse">Whether to start from the last number.</param>
    /// <returns>[rows, S·K].</returns>
    public static Variable<T> CumulativeSum<T>(this Variable<T> x, int segment, bool exclusive = false, bool reverse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CumulativeSumOperation<T>.Of(segment, exclusive, reverse).Apply(x);

    /// <summary>ln Σ_{j ≤ k} e^x_j of each segment, without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <param name="reverse">Whether to add over j ≥ k instead.</param>
    /// <returns>[rows, S·K].</returns>
    public static Variable<T> LogCumulativeSumExp<T>(this Variable<T> x, int segment, bool reverse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SegmentOperation<T>.Of(reverse ? SegmentFunction.ReverseLogCumulativeSumExp : SegmentFunction.LogCumulativeSumExp, segment).Apply(x);

    /// <summary>The sum of each segment.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>[rows, S].</returns>
    public static Variable<T> SumSegments<T>(this Variable<T> x, int segment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SumSegmentsOperation<T>.Of(segment).Apply(x);

    /// <summary>ln Σ_k e^x_k of each segment, without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>[rows, S].</returns>
    public static Variable<T> LogSumExpSegments<T>(this Variable<T> x, int segment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SegmentOperation<T>.Of(SegmentFunction.LogSumExp, segment).Apply(x);

    /// <summary>The largest number of each segment; the first of equal ones gets the adjoint.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>[rows, S].</returns>
    public static Variable<T> MaxSegments<T>(this Variable<T> x, int segment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SegmentOperation<T>.Of(SegmentFunction.Max, segment).Apply(x);

    /// <summary>e^x_k / Σ_j e^x_j within each segment, without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>[rows, S·K].</returns>
    public static Variable<T> SoftmaxSegments<T>(this Variable<T> x, int segment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SegmentOperation<T>.Of(SegmentFunction.Softmax, segment).Apply(x);

    /// <summary>x_k − ln Σ_j e^x_j within each segment, without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>[rows, S·K].</returns>
    public static Variable<T> LogSoftmaxSegments<T>(this Variable<T> x, int segment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SegmentOperation<T>.Of(SegmentFunction.LogSoftmax, segment).Apply(x);

    /// <summary>Every column several times, beside itself: x_0 x_0 x_1 x_1 …</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, D], a block or shared.</param>
    /// <param name="times">K, at least 1.</param>
    /// <returns>[rows, D·K].</returns>
    public static Variable<T> RepeatColumns<T>(this Variable<T> x, int times)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RepeatColumnsOperation<T>.Of(times).Apply(x);

    /// <summary>All columns several times, one behind the other: x_0 x_1 … x_0 x_1 …</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, D], a block or shared.</param>
    /// <param name="times">K, at least 1.</param>
    /// <returns>[rows, K·D].</returns>
    public static Variable<T> TileColumns<T>(this Variable<T> x, int times)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TileColumnsOperation<T>.Of(times).Apply(x);

    /// <summary>The numbers of every row in rising order, with the gradient through the permutation; NaN comes last.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, D], a block or shared; D² comparisons a row.</param>
    /// <param name="ranks">[rows, D]: the place of each number in the result, 0 to D − 1, a constant.</param>
    /// <returns>[rows, D].</returns>
    public static Variable<T> SortColumns<T>(this Variable<T> x, out Variable<T> ranks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SortColumnsOperation<T>.Instance.Apply(x, out ranks);
}
