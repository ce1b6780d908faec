using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Functions of variables, to be written as x.Exp().SumColumns(); arithmetic has its operators.</summary>
/// <remarks>
/// Each call computes its result at once and, while the tape records, remembers how to differentiate it. Errors are
/// <see cref="ArgumentException"/>: a variable is missing, of another tape or an earlier block, or has the wrong shape.
/// Nothing is allocated on the managed heap but by <see cref="Gather"/>, which makes an operation: where it is called in
/// a loop, keep a <see cref="GatherColumnsOperation{T}"/>.
/// </remarks>
public static partial class VariableFunctions
{
    /// <summary>Σ_j x_rj.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[rows, 1].</returns>
    public static Variable<T> SumColumns<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SumColumnsOperation<T>.Instance.Apply(x);

    /// <summary>The mean of the columns, Σ_j x_rj / columns.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[rows, 1].</returns>
    public static Variable<T> MeanColumns<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SumColumnsOperation<T>.Instance.Apply(x) / T.CreateTruncating(x.Columns);

    /// <summary>Σ_r x_rj over the rows of the tape's block, or of a shared matrix.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[1, columns], shared.</returns>
    public static Variable<T> SumRows<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SumRowsOperation<T>.Instance.Apply(x);

    /// <summary>ln Σ_j e^x_rj, without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[rows, 1].</returns>
    public static Variable<T> LogSumExp<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LogSumExpOperation<T>.Instance.Apply(x);

    /// <summary>The columns at given indices, in their order; an index may come more than once.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <param name="indices">For each column of the result the column of the argument.</param>
    /// <returns>[rows, indices].</returns>
    public static Variable<T> Gather<T>(this Variable<T> x, params ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new GatherColumnsOperation<T>(indices).Apply(x);

    /// <summary>The columns [start, start + count): a view, without a copy.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">[rows, columns].</param>
    /// <param name="start">The first column.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>[rows, count].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The columns are not all there.</exception>
    public static Variable<T> Slice<T>(this Variable<T> x, int start, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OperandChecks.TapeOf(x, nameof(x)).Slice(x, start, count);

    /// <summary>Variables side by side: blocks and shared rows give a block.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="inputs">At least one.</param>
    /// <returns>[rows, the sum of their columns].</returns>
    public static Variable<T> Concatenate<T>(params ReadOnlySpan<Variable<T>> inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ConcatenateOperation<T>.Instance.Apply(inputs);

    /// <summary>Σ_j ln N(x_rj; μ_j, σ_j).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">A block [rows, D].</param>
    /// <param name="location">μ, shared [1, D]; "no variable" for zeros.</param>
    /// <param name="scale">σ, shared [1, D], positive; "no variable" for ones.</param>
    /// <returns>[rows, 1].</returns>
    public static Variable<T> NormalLogDensity<T>(this Variable<T> x, Variable<T> location = default, Variable<T> scale = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        NormalLogDensityOperation<T>.Instance.Apply(x, location, scale);

    /// <summary>y with L y_r = x_r, or Lᵀ y_r = x_r, for every row.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">A block [rows, D].</param>
    /// <param name="lower">L, shared [D, D], lower triangular, as the tape shows a parameter.</param>
    /// <param name="transposed">Whether to solve with Lᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones.</param>
    /// <returns>[rows, D].</returns>
    public static Variable<T> TriangularSolve<T>(this Variable<T> x, Variable<T> lower, bool transposed = false, bool unitDiagonal = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TriangularSolveOperation<T>.Of(transposed, unitDiagonal).Apply(lower, x);

    /// <summary>Σ_i ln |A_ii|: the log-determinant of a triangular matrix.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="matrix">Shared [D, D].</param>
    /// <returns>Shared [1, 1].</returns>
    public static Variable<T> LogAbsDiagonal<T>(this Variable<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LogAbsDiagonalOperation<T>.Instance.Apply(matrix);
}
