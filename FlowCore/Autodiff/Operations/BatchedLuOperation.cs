using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>P A = L U with partial pivoting in every row, chosen for each row by itself, and ln |det A| with its sign.</summary>
/// <remarks>
/// Adjoint of ln |det A| (Giles 2008, section 2.2.3): Ā += ȳ A⁻ᵀ. The factors serve <see cref="BatchedSolveOperation{T}"/>, which knows its
/// adjoint by A, so they have none here; nor has the sign. A row whose matrix is singular has ln |det A| = −∞.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchedLuOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, BatchedLuOperation<T>> _all = new(static size => new(size));

    private BatchedLuOperation(int size) => Size = size;

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>The operation of a size.</summary>
    /// <param name="size">n, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public static BatchedLuOperation<T> Of(int size)
    {
        BatchedMatrices.Positive(size, nameof(size));
        return _all[size];
    }

    /// <summary>Decomposes the matrices.</summary>
    /// <param name="a">A, [rows, n·n] in row-major order, or shared.</param>
    /// <returns>The decomposition, to solve with.</returns>
    /// <exception cref="ArgumentException">The operand is missing or has another size.</exception>
    public BatchedLu<T> Apply(Variable<T> a)
    {
        BatchedMatrices.Check(a, Size, Size, nameof(a));
        var tape = a.Tape!;
        var factors = BatchedMatrices.Allocate(a, a, checked(Size * Size));
        var pivots = BatchedMatrices.Allocate(a, a, Size);
        var logAbsDet = BatchedMatrices.Allocate(a, a, 1);
        var sign = BatchedMatrices.Allocate(a, a, 1);
        tape.ApplyInto(this, [a], [factors, pivots, logAbsDet, sign]);
        return new BatchedLu<T>(a, Size, tape.StopGradient(factors), tape.StopGradient(pivots), logAbsDet, tape.StopGradient(sign));
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.SmallLu(BatchedMatrices.Row(call.Input(0)), Size, call.Output(0), call.Output(1), call.Output(2), call.Output(3));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.SmallLuLogAdjoint(call.Output(0), call.Output(1), Size, call.OutputAdjoint(2), BatchedMatrices.Row(call.InputAdjoint(0)));
}
