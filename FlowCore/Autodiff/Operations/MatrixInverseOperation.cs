using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Numerics;

namespace FlowCore.Autodiff;

/// <summary>W⁻¹ and ln |det W| of a shared square matrix, by one LU decomposition with partial pivoting in double precision.</summary>
/// <remarks>
/// <para>
/// With it the inverse of the dense map y = x Wᵀ is a product, x = y W⁻ᵀ, for all rows at once; the inverse is rounded to the number type
/// once, so the error of x is of the size of ‖W‖ ‖W⁻¹‖ roundings, as that of a triangular solution.
/// </para>
/// <para>
/// Adjoint (Giles 2008, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.2.3), with V = W⁻¹:
/// W̄ += ℓ̄ Vᵀ − Vᵀ V̄ Vᵀ.
/// </para>
/// <para>The host computes both on every device, once a block: an accelerator sends the matrix and gets the results back.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MatrixInverseOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _name;

    /// <summary>Creates the operation.</summary>
    /// <param name="name">What to call the matrix in an error, for instance the layer or the parameter.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public MatrixInverseOperation(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    /// <summary>Inverts a matrix.</summary>
    /// <param name="matrix">W, shared [D, D], as the tape shows a parameter.</param>
    /// <param name="logAbsDeterminant">ln |det W|, shared [1, 1].</param>
    /// <returns>W⁻¹, shared [D, D], laid out as W.</returns>
    /// <exception cref="ArgumentException">The matrix is not shared and square.</exception>
    /// <exception cref="InvalidOperationException">The matrix is singular or not finite; the message names it.</exception>
    public Variable<T> Apply(Variable<T> matrix, out Variable<T> logAbsDeterminant)
    {
        var size = HostMatrix<T>.SquareSize(matrix, nameof(matrix));
        var tape = matrix.Tape!;
        var inverse = tape.AllocateShared(size, size);
        logAbsDeterminant = tape.AllocateShared(1, 1);
        tape.ApplyInto(this, [matrix], [inverse, logAbsDeterminant]);
        return inverse;
    }

    /// <summary>The LU decomposition of a parameter, or an error with its name.</summary>
    internal static void Factor(Span<double> factors, int n, Span<int> pivots, string name)
    {
        var step = LuDecomposition.Factor(factors, n, pivots);
        if (step >= 0)
            throw new InvalidOperationException($"Expected an invertible matrix of finite numbers in '{name}'; its LU decomposition finds no pivot in column {step}.");
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
        var inverse = numbers[square..];
        HostMatrix<T>.Read(call.Kernels, input, factors);
        Factor(factors, n, pivots, _name);
        SmallMatrix.Identity(n, inverse);
        LuDecomposition.Solve(factors, n, pivots, inverse, n);
        HostMatrix<T>.Write(call.Kernels, inverse, call.Output(0));
        HostMatrix<T>.Write(call.Kernels, [LuDecomposition.LogAbsDeterminant(factors, n, pivots, out _)], call.Output(1));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (!call.Needs(0))
            return;
        var n = call.Input(0).Rows;
        var square = n * n;
        var numbers = Workspace.Numbers((4 * square) + 1);
        var transposed = numbers[..square];
        var adjoint = numbers.Slice(square, square);
        var product = numbers.Slice(2 * square, square);
        var sum = numbers.Slice(3 * square, square);
        var logAdjoint = numbers.Slice(4 * square, 1);
        HostMatrix<T>.Read(call.Kernels, call.Output(0), product);
        SmallMatrix.Transpose(product, n, n, transposed);
        sum.Clear();
        if (!call.OutputAdjoint(0).IsEmpty)
        {
            HostMatrix<T>.Read(call.Kernels, call.OutputAdjoint(0), adjoint);
            SmallMatrix.Multiply(transposed, adjoint, n, n, n, product);
            SmallMatrix.Multiply(product, transposed, n, n, n, sum);
            TensorPrimitives.Negate(sum, sum);
        }

        if (!call.OutputAdjoint(1).IsEmpty)
        {
            HostMatrix<T>.Read(call.Kernels, call.OutputAdjoint(1), logAdjoint);
            SmallMatrix.AddMultiple(transposed, logAdjoint[0], sum);
        }

        HostMatrix<T>.AddAdjoint(call, 0, sum);
    }
}
