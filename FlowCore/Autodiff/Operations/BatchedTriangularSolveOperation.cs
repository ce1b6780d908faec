using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>X with op(A) X = B in every row, A triangular; either operand may be one matrix for all rows.</summary>
/// <remarks>
/// Adjoint (Giles 2008, section 2.2.4): with S = op(A)⁻ᵀ X̄, B̄ += S, and Ā −= S Xᵀ (for Aᵀ: Ā −= X Sᵀ) in the triangle that is read.
/// A zero on the diagonal gives that row infinities or NaN.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchedTriangularSolveOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int, int, bool, bool, bool), BatchedTriangularSolveOperation<T>> _all =
        new(static key => new(key.Item1, key.Item2, key.Item3, key.Item4, key.Item5));

    private BatchedTriangularSolveOperation(int size, int columns, bool upper, bool transposed, bool unitDiagonal)
    {
        Size = size;
        Columns = columns;
        Upper = upper;
        Transposed = transposed;
        UnitDiagonal = unitDiagonal;
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>m: the right-hand sides of a row.</summary>
    public int Columns { get; }

    /// <summary>Whether A is upper triangular.</summary>
    public bool Upper { get; }

    /// <summary>Whether to solve with Aᵀ.</summary>
    public bool Transposed { get; }

    /// <summary>Whether the diagonal counts as ones and is not read.</summary>
    public bool UnitDiagonal { get; }

    private MatrixRegion Region => (Upper, UnitDiagonal) switch
    {
        (false, false) => MatrixRegion.Lower,
        (false, true) => MatrixRegion.StrictlyLower,
        (true, false) => MatrixRegion.Upper,
        (true, true) => MatrixRegion.StrictlyUpper,
    };

    /// <summary>The operation of a kind.</summary>
    /// <param name="size">n.</param>
    /// <param name="columns">m.</param>
    /// <param name="upper">Whether A is upper triangular.</param>
    /// <param name="transposed">Whether to solve with Aᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static BatchedTriangularSolveOperation<T> Of(int size, int columns = 1, bool upper = false, bool transposed = false, bool unitDiagonal = false)
    {
        BatchedMatrices.Positive(size, nameof(size));
        BatchedMatrices.Positive(columns, nameof(columns));
        return _all[(size, columns, upper, transposed, unitDiagonal)];
    }

    /// <summary>Solves the systems.</summary>
    /// <param name="a">A, [rows, n·n] in row-major order, or shared; the other triangle is not read and gets no adjoint.</param>
    /// <param name="b">B, [rows, n·m] in row-major order, or shared.</param>
    /// <returns>X, [rows, n·m]; shared where both operands are.</returns>
    /// <exception cref="ArgumentException">An operand is missing or has another size.</exception>
    public Variable<T> Apply(Variable<T> a, Variable<T> b)
    {
        BatchedMatrices.Check(a, Size, Size, nameof(a));
        BatchedMatrices.Check(b, Size, Columns, nameof(b));
        var x = BatchedMatrices.Allocate(a, b, checked(Size * Columns));
        a.Tape!.ApplyInto(this, [a, b], [x]);
        return x;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.SmallTriangularSolve(
        BatchedMatrices.Row(call.Input(0)), Upper, Transposed, UnitDiagonal, BatchedMatrices.Row(call.Input(1)), Size, Columns, call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        // X̄ is not needed any more once S is known, so S takes its place.
        var solved = call.OutputAdjoint(0);
        var x = call.Output(0);
        call.Kernels.SmallTriangularSolve(BatchedMatrices.Row(call.Input(0)), Upper, !Transposed, UnitDiagonal, solved, Size, Columns, solved);
        BatchedMatrices.AddAdjoint(call, 1, solved);
        if (!call.Needs(0))
            return;
        var target = BatchedMatrices.Row(call.InputAdjoint(0));
        call.Kernels.SmallProduct(Transposed ? x : solved, false, Transposed ? solved : x, true, Size, Columns, Size, target, -1, Region);
    }
}
