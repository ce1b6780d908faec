using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Autodiff;

/// <summary>The way of shared matrices to the host and back, for what is computed of parameters alone, in double precision.</summary>
/// <remarks>
/// A shared matrix lies in row-major order, as its parameter is: the host sees [out, in]. On an accelerator each call copies the
/// matrix and waits for the queue; parameters are small, and this is once a block. The numbers pass through memory of the calling thread that is
/// kept, so nothing is allocated when warm.
/// </remarks>
internal static class HostMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static T[]? _numbers;

    /// <summary>Copies a shared matrix to the host.</summary>
    internal static void Read(Kernels<T> kernels, in Matrix<T> matrix, Span<double> destination)
    {
        var numbers = Numbers(matrix.Rows * matrix.Columns);
        kernels.Read(matrix.Memory!, matrix.Offset, numbers);
        TensorPrimitives.ConvertTruncating<T, double>(numbers, destination);
    }

    /// <summary>Copies host numbers to a shared matrix.</summary>
    internal static void Write(Kernels<T> kernels, ReadOnlySpan<double> source, in Matrix<T> matrix)
    {
        var numbers = Numbers(matrix.Rows * matrix.Columns);
        TensorPrimitives.ConvertTruncating<double, T>(source[..numbers.Length], numbers);
        kernels.Write(numbers, matrix.Memory!, matrix.Offset);
    }

    /// <summary>Adds host numbers to the adjoint of an input.</summary>
    internal static void AddAdjoint(in OperationCall<T> call, int index, ReadOnlySpan<double> summand)
    {
        var adjoint = call.InputAdjoint(index, out var fresh);
        if (fresh)
        {
            Write(call.Kernels, summand, adjoint);
            return;
        }

        var numbers = Numbers(adjoint.Rows * adjoint.Columns);
        call.Kernels.Read(adjoint.Memory!, adjoint.Offset, numbers);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] += T.CreateTruncating(summand[i]);
        call.Kernels.Write(numbers, adjoint.Memory!, adjoint.Offset);
    }

    /// <summary>The size of a square shared matrix.</summary>
    /// <exception cref="ArgumentException">The variable is missing, or none.</exception>
    internal static int SquareSize(Variable<T> variable, string name)
    {
        OperandChecks.TapeOf(variable, name);
        return !variable.IsBlock && variable.Rows == variable.Columns
            ? variable.Rows
            : throw new ArgumentException($"Expected a shared square matrix, got {OperandChecks.Shape(variable)}.", name);
    }

    private static Span<T> Numbers(int length)
    {
        if (_numbers is null || _numbers.Length < length)
            _numbers = new T[length];
        return _numbers.AsSpan(0, length);
    }
}
