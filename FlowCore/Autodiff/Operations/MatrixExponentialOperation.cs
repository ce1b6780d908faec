using System.Numerics;
using FlowCore.Numerics;

namespace FlowCore.Autodiff;

/// <summary>e^A of a shared square matrix, or e^(A − Aᵀ), which is a rotation, in double precision.</summary>
/// <remarks>
/// <para>
/// Scaling and squaring (Higham 2008, "Functions of Matrices", section 10.3). Adjoint: Ā += L(Aᵀ, Ȳ) with the Fréchet derivative L of the
/// exponential (the same, section 10.6); with S = A − Aᵀ, Ā += S̄ − S̄ᵀ.
/// </para>
/// <para>The host computes both on every device, once a block: an accelerator sends the matrix and gets the result back.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MatrixExponentialOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private MatrixExponentialOperation(bool isRotation) => IsRotation = isRotation;

    /// <summary>e^A.</summary>
    public static MatrixExponentialOperation<T> General { get; } = new(isRotation: false);

    /// <summary>e^(A − Aᵀ): a rotation, whose inverse is its transpose.</summary>
    public static MatrixExponentialOperation<T> Rotation { get; } = new(isRotation: true);

    /// <summary>Whether the exponent is A − Aᵀ.</summary>
    public bool IsRotation { get; }

    /// <summary>Computes the exponential.</summary>
    /// <param name="matrix">A, shared [D, D], as the tape shows a parameter.</param>
    /// <returns>Shared [D, D], laid out as A.</returns>
    /// <exception cref="ArgumentException">The matrix is not shared and square.</exception>
    public Variable<T> Apply(Variable<T> matrix)
    {
        var size = HostMatrix<T>.SquareSize(matrix, nameof(matrix));
        var y = matrix.Tape!.AllocateShared(size, size);
        matrix.Tape!.ApplyInto(this, [matrix], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var n = call.Input(0).Rows;
        var square = n * n;
        var numbers = Workspace.Numbers((2 * square) + MatrixExponential.WorkLength(n));
        var exponent = numbers[..square];
        var result = numbers.Slice(square, square);
        HostMatrix<T>.Read(call.Kernels, call.Input(0), exponent);
        if (IsRotation)
            SubtractTranspose(exponent, n);
        MatrixExponential.Exponential(exponent, n, result, numbers[(2 * square)..]);
        HostMatrix<T>.Write(call.Kernels, result, call.Output(0));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        if (!call.Needs(0))
            return;
        var n = call.Input(0).Rows;
        var square = n * n;
        var numbers = Workspace.Numbers((5 * square) + MatrixExponential.WorkLength(n));
        var transposed = numbers[..square];
        var adjoint = numbers.Slice(square, square);
        var result = numbers.Slice(2 * square, square);
        HostMatrix<T>.Read(call.Kernels, call.Input(0), result);
        if (IsRotation)
            SubtractTranspose(result, n);
        SmallMatrix.Transpose(result, n, n, transposed);
        HostMatrix<T>.Read(call.Kernels, call.OutputAdjoint(0), adjoint);
        MatrixExponential.Derivative(transposed, adjoint, n, result, numbers.Slice(3 * square, 2 * square), numbers[(5 * square)..]);
        if (IsRotation)
            SubtractTranspose(result, n);
        HostMatrix<T>.AddAdjoint(call, 0, result);
    }

    private static void SubtractTranspose(Span<double> matrix, int n)
    {
        for (var i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 0;
            for (var j = 0; j < i; j++)
            {
                var difference = matrix[(i * n) + j] - matrix[(j * n) + i];
                matrix[(i * n) + j] = difference;
                matrix[(j * n) + i] = -difference;
            }
        }
    }
}
