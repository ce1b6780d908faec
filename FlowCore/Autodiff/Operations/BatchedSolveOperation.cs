using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>X with op(A) X = B in every row, from a <see cref="BatchedLuOperation{T}"/>; either operand may be one matrix for all rows.</summary>
/// <remarks>
/// Adjoint (Giles 2008, section 2.2.4): with S = op(A)⁻ᵀ X̄, B̄ += S and Ā −= S Xᵀ (for Aᵀ: Ā −= X Sᵀ). A row whose matrix is singular gets
/// infinities or NaN.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchedSolveOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int, int, bool), BatchedSolveOperation<T>> _all = new(static key => new(key.Item1, key.Item2, key.Item3));

    private BatchedSolveOperation(int size, int columns, bool transposed)
    {
        Size = size;
        Columns = columns;
        Transposed = transposed;
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>m: the right-hand sides of a row.</summary>
    public int Columns { get; }

    /// <summary>Whether to solve with Aᵀ.</summary>
    public bool Transposed { get; }

    /// <summary>The operation of a shape.</summary>
    /// <param name="size">n.</param>
    /// <param name="columns">m.</param>
    /// <param name="transposed">Whether to solve with Aᵀ.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static BatchedSolveOperation<T> Of(int size, int columns = 1, bool transposed = false)
    {
        BatchedMatrices.Positive(size, nameof(size));
        BatchedMatrices.Positive(columns, nameof(columns));
        return _all[(size, columns, transposed)];
    }

    /// <summary>Solves the systems.</summary>
    /// <param name="matrix">The decomposition of A, of this size.</param>
    /// <param name="b">B, [rows, n·m] in row-major order, or shared.</param>
    /// <returns>X, [rows, n·m]; shared where both operands are.</returns>
    /// <exception cref="ArgumentException">An operand is missing or has another size.</exception>
    public Variable<T> Apply(BatchedLu<T> matrix, Variable<T> b)
    {
        if (matrix.Size != Size)
            throw new ArgumentException($"Expected a decomposition of size {Size}, got one of size {matrix.Size}.", nameof(matrix));
        BatchedMatrices.Check(b, Size, Columns, nameof(b));
        var x = BatchedMatrices.Allocate(matrix.Matrix, b, checked(Size * Columns));
        x.Tape!.ApplyInto(this, [matrix.Matrix, b, matrix.Factors, matrix.Pivots], [x]);
        return x;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.SmallLuSolve(call.Input(2), call.Input(3), Transposed, BatchedMatrices.Row(call.Input(1)), Size, Columns, call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        // X̄ is not needed any more once S is known, so S takes its place.
        var solved = call.OutputAdjoint(0);
        var x = call.Output(0);
        call.Kernels.SmallLuSolve(call.Input(2), call.Input(3), !Transposed, solved, Size, Columns, solved);
        BatchedMatrices.AddAdjoint(call, 1, solved);
        if (!call.Needs(0))
            return;
        var target = BatchedMatrices.Row(call.InputAdjoint(0));
        call.Kernels.SmallProduct(Transposed ? x : solved, false, Transposed ? solved : x, true, Size, Columns, Size, target, -1, MatrixRegion.Full);
    }
}
