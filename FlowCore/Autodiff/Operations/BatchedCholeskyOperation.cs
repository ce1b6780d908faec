using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A = L Lᵀ and ln det A in every row, A symmetric and positive definite.</summary>
/// <remarks>
/// Of A the lower triangle is read, and the adjoint is that of its numbers alone: an element beside the diagonal stands for both of its places. It runs the
/// factorisation's steps in reverse (Murray 2016, "Differentiation of the Cholesky decomposition", section 4.1); ln det A = 2 Σ ln L_ii
/// adds 2 ȳ / L_ii to the adjoint of L_ii. A row whose matrix is not positive definite gets NaN.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BatchedCholeskyOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, BatchedCholeskyOperation<T>> _all = new(static size => new(size));

    private BatchedCholeskyOperation(int size) => Size = size;

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>The operation of a size.</summary>
    /// <param name="size">n, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public static BatchedCholeskyOperation<T> Of(int size)
    {
        BatchedMatrices.Positive(size, nameof(size));
        return _all[size];
    }

    /// <summary>Decomposes the matrices.</summary>
    /// <param name="a">A, [rows, n·n] in row-major order, or shared; what is above the diagonal is not read.</param>
    /// <param name="logDet">ln det A, [rows, 1].</param>
    /// <returns>L, [rows, n·n], with zeros above the diagonal; shared where A is.</returns>
    /// <exception cref="ArgumentException">The operand is missing or has another size.</exception>
    public Variable<T> Apply(Variable<T> a, out Variable<T> logDet)
    {
        BatchedMatrices.Check(a, Size, Size, nameof(a));
        var lower = BatchedMatrices.Allocate(a, a, checked(Size * Size));
        logDet = BatchedMatrices.Allocate(a, a, 1);
        a.Tape!.ApplyInto(this, [a], [lower, logDet]);
        return lower;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.SmallCholesky(BatchedMatrices.Row(call.Input(0)), Size, call.Output(0), call.Output(1));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.SmallCholeskyAdjoint(call.Output(0), Size, call.OutputAdjoint(0), call.OutputAdjoint(1), BatchedMatrices.Row(call.InputAdjoint(0)));
}
