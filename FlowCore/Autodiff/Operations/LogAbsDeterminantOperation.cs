using System.Numerics;
using FlowCore.Numerics;

namespace FlowCore.Autodiff;

/// <summary>ln |det W| of a shared square matrix, by one LU decomposition with partial pivoting in double precision.</summary>
/// <remarks>
/// <para>Adjoint (Giles 2008, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.2.3): W̄ += ȳ W⁻ᵀ.</para>
/// <para>The host computes it on every device, once a block: an accelerator sends the matrix and gets the number back.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogAbsDeterminantOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _name;

    /// <summary>Creates the operation.</summary>
    /// <param name="name">What to call the matrix in an error, for instance the layer or the parameter.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public LogAbsDeterminantOperation(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    /// <summary>Computes the number.</summary>
    /// <param name="matrix">W, shared [D, D].</param>
    /// <returns>Shared [1, 1].</returns>
    /// <exception cref="ArgumentException">The matrix is not shared and square.</exception>
    /// <exception cref="InvalidOperationException">The matrix is singular or not finite; the message names it.</exception>
    public Variable<T> Apply(Variable<T> matrix)
    {
        var size = HostMatrix<T>.SquareSize(matrix, nameof(matrix));
        var tape = matrix.Tape!;
        var y = tape.AllocateShared(1, 1);

        // The transposed inverse is kept for the adjoint.
        if (tape.IsRecording)
            tape.ApplyInto(this, [matrix], [y, tape.AllocateShared(size, size)]);
        else
            tape.ApplyInto(this, [matrix], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var input = call.Input(0);
        var n = input.Rows;
        var square = n * n;
        var numbers = Workspace.Numbers(2 * square);
        var pivots = Workspace.Integers(n);
        var factors = numbers[..square];
        HostMatrix<T>.Read(call.Kernels, input, factors);
        MatrixInverseOperation<T>.Factor(factors, n, pivots, _name);
        HostMatrix<T>.Write(call.Kernels, [LuDecomposition.LogAbsDeterminant(factors, n, pivots, out _)], call.Output(0));
        if (call.Outputs == 1)
            return;
        var inverse = numbers[square..];
        SmallMatrix.Identity(n, inverse);
        LuDecomposition.SolveTransposed(factors, n, pivots, inverse, n);
        HostMatrix<T>.Write(call.Kernels, inverse, call.Output(1));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>

        // W̄ += W⁻ᵀ ∘ ȳ, which is what the adjoint of a product with the number ȳ adds; so nothing leaves the device.
        call.Kernels.BinaryAdjoint(BinaryFunction.Multiply, call.Input(0), call.OutputAdjoint(0), call.Output(1), call.InputAdjoint(0), default);
}
