using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Functions of variables, to be written as x.Exp().SumColumns(); arithmetic has its operators.</summary>
/// <remarks>
/// Each call computes its result at once and, while the tape records, remembers how to differentiate it. Errors are
/// <see cref="ArgumentException"/>: a variable is missing, of another tape or an earlier block, or has the wrong shape.
/// Nothing is allocated on the managed heap but by <see cref="Gather"/>, which makes an operation: where it is called in
/// a loop, keep a <see cref="GatherColumnsOperation{T}"/>.
/// </remarks>
public static class VariableFunctions
{
    /// <summary>|x|.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Abs<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Abs).Apply(x);

    /// <summary>x².</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Square<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Square).Apply(x);

    /// <summary>√x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sqrt<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Sqrt).Apply(x);

    /// <summary>1 / x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Reciprocal<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Reciprocal).Apply(x);

    /// <summary>e^x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Exp<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Exp).Apply(x);

    /// <summary>e^x − 1, exact near 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Expm1<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Expm1).Apply(x);

    /// <summary>ln x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Log).Apply(x);

    /// <summary>ln(1 + x), exact near 0.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Log1p<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Log1p).Apply(x);

    /// <summary>sin x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sin<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Sin).Apply(x);

    /// <summary>cos x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Cos<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Cos).Apply(x);

    /// <summary>max(x, 0).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> ReLU<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.ReLU).Apply(x);

    /// <summary>x for x &gt; 0, else e^x − 1.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Elu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Elu).Apply(x);

    /// <summary>x·Φ(x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Gelu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Gelu).Apply(x);

    /// <summary>x / (1 + e^−x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Silu<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Silu).Apply(x);

    /// <summary>tanh x.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Tanh<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Tanh).Apply(x);

    /// <summary>1 / (1 + e^−x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Sigmoid<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Sigmoid).Apply(x);

    /// <summary>ln(1 + e^x), without overflow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> Softplus<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.Softplus).Apply(x);

    /// <summary>x for x &gt; 0, else x / 100.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">The argument, of any shape.</param>
    /// <returns>The result, of the same shape.</returns>
    public static Variable<T> LeakyReLU<T>(this Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UnaryOperation<T>.Of(UnaryFunction.LeakyReLU).Apply(x);

    /// <summary>The larger of two numbers, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand; gets the adjoint where both are equal.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> Max<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BinaryOperation<T>.Of(BinaryFunction.Max).Apply(a, b);

    /// <summary>The smaller of two numbers, with repeated operands as in <see cref="BinaryOperation{T}"/>.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">The first operand; gets the adjoint where both are equal.</param>
    /// <param name="b">The second operand.</param>
    /// <returns>The result.</returns>
    public static Variable<T> Min<T>(this Variable<T> a, Variable<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BinaryOperation<T>.Of(BinaryFunction.Min).Apply(a, b);

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
