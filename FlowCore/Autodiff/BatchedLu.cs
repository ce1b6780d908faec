using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The decomposition of a matrix in every row, on a tape: its log-determinant, and systems with it. Valid as long as its variables.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct BatchedLu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal BatchedLu(Variable<T> matrix, int size, Variable<T> factors, Variable<T> pivots, Variable<T> logAbsDeterminant, Variable<T> sign)
    {
        Matrix = matrix;
        Size = size;
        Factors = factors;
        Pivots = pivots;
        LogAbsDeterminant = logAbsDeterminant;
        Sign = sign;
    }

    /// <summary>A, as it came.</summary>
    public Variable<T> Matrix { get; }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>ln |det A|, [rows, 1]; shared where A is. −∞ for a singular A.</summary>
    public Variable<T> LogAbsDeterminant { get; }

    /// <summary>The sign of det A, 1 or −1, [rows, 1], a constant; of no meaning for a singular A.</summary>
    public Variable<T> Sign { get; }

    internal Variable<T> Factors { get; }

    internal Variable<T> Pivots { get; }

    /// <summary>X with A X = B, or Aᵀ X = B, in every row.</summary>
    /// <param name="b">B, [rows, n·m] in row-major order, or shared.</param>
    /// <param name="columns">m.</param>
    /// <param name="transposed">Whether to solve with Aᵀ.</param>
    /// <returns>X, [rows, n·m]; shared where both operands are.</returns>
    /// <exception cref="ArgumentException">The operand is missing or has another size.</exception>
    public Variable<T> Solve(Variable<T> b, int columns = 1, bool transposed = false) =>
        BatchedSolveOperation<T>.Of(Size, columns, transposed).Apply(this, b);
}
