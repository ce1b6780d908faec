using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Linear algebra: a small matrix in every row, and matrices that all rows share.</summary>
/// <remarks>
/// <para>
/// A matrix of n × m in every row is n·m columns in row-major order; any operand may also be one matrix that all rows share, [1, n·m] or a parameter
/// [n, m] as the tape shows it. Errors are <see cref="ArgumentException"/>: a variable is missing, of another tape or an earlier block, or has the wrong
/// size. A row whose matrix is singular gets infinities or NaN, and no other row notices.
/// </para>
/// <para>
/// Functions that take a name compute a shared matrix on the host, in double precision, and make an operation: where they are called in a loop, keep a
/// <see cref="LogAbsDeterminantOperation{T}"/>, <see cref="MatrixInverseOperation{T}"/> or <see cref="HouseholderProductOperation{T}"/>.
/// Nothing else is allocated on the managed heap but by the first call with a size.
/// </para>
/// </remarks>
public static class VariableMatrixFunctions
{
    /// <summary>op(A) op(B) in every row.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">A, n × k, or k × n where transposed: [rows, n·k] or shared.</param>
    /// <param name="b">B, k × m, or m × k where transposed: [rows, k·m] or shared.</param>
    /// <param name="n">The rows of op(A).</param>
    /// <param name="k">The columns of op(A).</param>
    /// <param name="m">The columns of op(B).</param>
    /// <param name="transposeA">Whether op(A) is Aᵀ.</param>
    /// <param name="transposeB">Whether op(B) is Bᵀ.</param>
    /// <returns>[rows, n·m]; shared where both operands are.</returns>
    public static Variable<T> BatchedMultiply<T>(
        this Variable<T> a, Variable<T> b, int n, int k, int m, bool transposeA = false, bool transposeB = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BatchedMultiplyOperation<T>.Of(n, k, m, transposeA, transposeB).Apply(a, b);

    /// <summary>X with op(A) X = B in every row, for triangular matrices.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">A, n × n: [rows, n·n] or shared; the other triangle is not read.</param>
    /// <param name="b">B, n × m: [rows, n·m] or shared.</param>
    /// <param name="n">n.</param>
    /// <param name="m">m.</param>
    /// <param name="upper">Whether A is upper triangular.</param>
    /// <param name="transposed">Whether to solve with Aᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones.</param>
    /// <returns>X, [rows, n·m]; shared where both operands are.</returns>
    public static Variable<T> BatchedTriangularSolve<T>(
        this Variable<T> a, Variable<T> b, int n, int m = 1, bool upper = false, bool transposed = false, bool unitDiagonal = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BatchedTriangularSolveOperation<T>.Of(n, m, upper, transposed, unitDiagonal).Apply(a, b);

    /// <summary>L with A = L Lᵀ in every row, for symmetric positive definite matrices; NaN where one is not.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">A, n × n: [rows, n·n] or shared; the lower triangle is read and gets the adjoint.</param>
    /// <param name="n">n.</param>
    /// <param name="logDet">ln det A, [rows, 1].</param>
    /// <returns>L, [rows, n·n], with zeros above the diagonal.</returns>
    public static Variable<T> BatchedCholesky<T>(this Variable<T> a, int n, out Variable<T> logDet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BatchedCholeskyOperation<T>.Of(n).Apply(a, out logDet);

    /// <summary>The LU decomposition with partial pivoting in every row: to solve systems with, and for ln |det A| and its sign.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="a">A, n × n: [rows, n·n] or shared.</param>
    /// <param name="n">n.</param>
    /// <returns>The decomposition.</returns>
    public static BatchedLu<T> BatchedLu<T>(this Variable<T> a, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        BatchedLuOperation<T>.Of(n).Apply(a);

    /// <summary>x Wᵀ + b: a linear map of the rows with a matrix that all share.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="x">A block [rows, inputs].</param>
    /// <param name="weight">W, shared, as the tape shows a parameter [outputs, inputs]; also a result such as a rotation.</param>
    /// <param name="bias">b, shared [1, outputs], or "no variable".</param>
    /// <returns>[rows, outputs].</returns>
    public static Variable<T> Linear<T>(this Variable<T> x, Variable<T> weight, Variable<T> bias = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LinearMap<T>.Operation.Apply(OperandChecks.TapeOf(x, nameof(x)), x, weight, bias);

    /// <summary>ln |det W| of a shared matrix.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="matrix">W, shared [D, D].</param>
    /// <param name="name">What to call the matrix in an error.</param>
    /// <returns>Shared [1, 1].</returns>
    /// <exception cref="InvalidOperationException">The matrix is singular or not finite; the message names it.</exception>
    public static Variable<T> LogAbsDeterminant<T>(this Variable<T> matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new LogAbsDeterminantOperation<T>(name).Apply(matrix);

    /// <summary>W⁻¹ and ln |det W| of a shared matrix.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="matrix">W, shared [D, D].</param>
    /// <param name="name">What to call the matrix in an error.</param>
    /// <param name="logAbsDeterminant">ln |det W|, shared [1, 1].</param>
    /// <returns>W⁻¹, shared [D, D], laid out as W.</returns>
    /// <exception cref="InvalidOperationException">The matrix is singular or not finite; the message names it.</exception>
    public static Variable<T> Inverse<T>(this Variable<T> matrix, string name, out Variable<T> logAbsDeterminant)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new MatrixInverseOperation<T>(name).Apply(matrix, out logAbsDeterminant);

    /// <summary>e^A of a shared matrix.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="matrix">A, shared [D, D].</param>
    /// <returns>Shared [D, D], laid out as A.</returns>
    public static Variable<T> MatrixExponential<T>(this Variable<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MatrixExponentialOperation<T>.General.Apply(matrix);

    /// <summary>The rotation e^(A − Aᵀ) of a shared matrix; its transpose is its inverse.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="matrix">A, shared [D, D].</param>
    /// <returns>Shared [D, D], laid out as A.</returns>
    public static Variable<T> Rotation<T>(this Variable<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MatrixExponentialOperation<T>.Rotation.Apply(matrix);

    /// <summary>The product of the reflections along the rows of a shared matrix, as a weight for <see cref="Linear"/>.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="vectors">q, shared, as the tape shows a parameter [K, D].</param>
    /// <param name="name">What to call the vectors in an error.</param>
    /// <param name="reversed">Whether rows are reflected along q_K first: the inverse.</param>
    /// <returns>Shared [D, D].</returns>
    /// <exception cref="InvalidOperationException">A vector is zero or not finite; the message names the vectors.</exception>
    public static Variable<T> HouseholderProduct<T>(this Variable<T> vectors, string name, bool reversed = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new HouseholderProductOperation<T>(name, reversed).Apply(vectors);

    // A linear layer without an activation, one for each number type.
    private static class LinearMap<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        internal static readonly LinearOperation<T> Operation = new(UnaryFunction.Identity);
    }
}
