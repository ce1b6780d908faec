using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>C = op(A) op(B) in every row: small matrix products, where either operand may be one matrix for all rows.</summary>
/// <remarks>
/// Adjoint (Giles 2008, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.2.2): for C = A B,
/// Ā += C̄ Bᵀ and B̄ += Aᵀ C̄, transposed with a transposed operand, and summed over the rows for an operand that all rows share. Tangent: Ċ = Ȧ B + A Ḃ.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchedMultiplyOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int, int, int, bool, bool), BatchedMultiplyOperation<T>> _all =
        new(static key => new(key.Item1, key.Item2, key.Item3, key.Item4, key.Item5));

    private BatchedMultiplyOperation(int rows, int inner, int columns, bool transposeA, bool transposeB)
    {
        Rows = rows;
        Inner = inner;
        Columns = columns;
        TransposeA = transposeA;
        TransposeB = transposeB;
    }

    /// <summary>n: the rows of op(A).</summary>
    public int Rows { get; }

    /// <summary>k: the columns of op(A), and the rows of op(B).</summary>
    public int Inner { get; }

    /// <summary>m: the columns of op(B).</summary>
    public int Columns { get; }

    /// <summary>Whether op(A) is Aᵀ: then A is k × n.</summary>
    public bool TransposeA { get; }

    /// <summary>Whether op(B) is Bᵀ: then B is m × k.</summary>
    public bool TransposeB { get; }

    /// <summary>The operation of a shape.</summary>
    /// <param name="rows">n.</param>
    /// <param name="inner">k.</param>
    /// <param name="columns">m.</param>
    /// <param name="transposeA">Whether op(A) is Aᵀ.</param>
    /// <param name="transposeB">Whether op(B) is Bᵀ.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static BatchedMultiplyOperation<T> Of(int rows, int inner, int columns, bool transposeA = false, bool transposeB = false)
    {
        BatchedMatrices.Positive(rows, nameof(rows));
        BatchedMatrices.Positive(inner, nameof(inner));
        BatchedMatrices.Positive(columns, nameof(columns));
        return _all[(rows, inner, columns, transposeA, transposeB)];
    }

    /// <summary>Multiplies.</summary>
    /// <param name="a">[rows, n·k] in row-major order, or shared.</param>
    /// <param name="b">[rows, k·m] in row-major order, or shared.</param>
    /// <returns>[rows, n·m]; shared where both operands are.</returns>
    /// <exception cref="ArgumentException">An operand is missing or has another size.</exception>
    public Variable<T> Apply(Variable<T> a, Variable<T> b)
    {
        BatchedMatrices.Check(a, TransposeA ? Inner : Rows, TransposeA ? Rows : Inner, nameof(a));
        BatchedMatrices.Check(b, TransposeB ? Columns : Inner, TransposeB ? Inner : Columns, nameof(b));
        var c = BatchedMatrices.Allocate(a, b, checked(Rows * Columns));
        a.Tape!.ApplyInto(this, [a, b], [c]);
        return c;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.SmallProduct(
        BatchedMatrices.Row(call.Input(0)), TransposeA, BatchedMatrices.Row(call.Input(1)), TransposeB, Rows, Inner, Columns, call.Output(0), 0, MatrixRegion.Full);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var a = BatchedMatrices.Row(call.Input(0));
        var b = BatchedMatrices.Row(call.Input(1));
        var adjoint = call.OutputAdjoint(0);
        if (call.Needs(0))
        {
            var target = BatchedMatrices.Row(call.InputAdjoint(0));
            if (TransposeA)
                call.Kernels.SmallProduct(b, TransposeB, adjoint, true, Inner, Columns, Rows, target, 1, MatrixRegion.Full);
            else
                call.Kernels.SmallProduct(adjoint, false, b, !TransposeB, Rows, Columns, Inner, target, 1, MatrixRegion.Full);
        }

        if (call.Needs(1))
        {
            var target = BatchedMatrices.Row(call.InputAdjoint(1));
            if (TransposeB)
                call.Kernels.SmallProduct(adjoint, true, a, TransposeA, Columns, Rows, Inner, target, 1, MatrixRegion.Full);
            else
                call.Kernels.SmallProduct(a, !TransposeA, adjoint, false, Inner, Rows, Columns, target, 1, MatrixRegion.Full);
        }
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (a, b) = (call.InputTangent(0), call.InputTangent(1));
        call.SetOutputTangent(0, TangentRules.Sum(a.IsNone ? default : Apply(a, call.Input(1)), b.IsNone ? default : Apply(call.Input(0), b)));
    }
}
