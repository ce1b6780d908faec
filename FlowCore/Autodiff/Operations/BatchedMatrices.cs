using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>What the operations on a small matrix in every row share: shapes, and shared matrices as rows.</summary>
/// <remarks>
/// A matrix of n × m is n·m columns in row-major order. A shared one may come as a row [1, n·m] or as the tape shows a parameter [n, m]:
/// either way its numbers lie in row-major order.
/// </remarks>
internal static class BatchedMatrices
{
    /// <summary>Checks sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    internal static void Positive(int size, string name)
    {
        if (size < 1)
            throw new ArgumentOutOfRangeException(name, size, $"Expected a size of at least 1, got {size}.");
    }

    /// <summary>Checks that a variable holds a matrix for every row, or one for all.</summary>
    /// <exception cref="ArgumentException">It is missing or has another size.</exception>
    internal static void Check<T>(Variable<T> variable, int rows, int columns, string name)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        OperandChecks.TapeOf(variable, name);
        var length = (long)rows * columns;
        var fits = variable.IsBlock
            ? variable.Columns == length
            : (variable.Rows == 1 && variable.Columns == length) || (variable.Rows == columns && variable.Columns == rows);
        if (!fits)
            throw new ArgumentException($"Expected {rows} × {columns} numbers a row, or a shared matrix of them, got {OperandChecks.Shape(variable)}.", name);
    }

    /// <summary>A result of some columns: a block where an operand is one.</summary>
    internal static Variable<T> Allocate<T>(Variable<T> first, Variable<T> second, int columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        first.IsBlock || second.IsBlock ? first.Tape!.Allocate(columns) : first.Tape!.AllocateShared(1, columns);

    /// <summary>A matrix as kernels take it: a shared one as a row.</summary>
    internal static Matrix<T> Row<T>(in Matrix<T> matrix)
    where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        matrix.IsEmpty || matrix.IsBlock ? matrix : matrix with { Rows = 1, Columns = matrix.Rows * matrix.Columns, Stride = 1 };

    /// <summary>Adds an adjoint of the shape of the result to an input's; where the input is one matrix for all rows, their sum.</summary>
    internal static void AddAdjoint<T>(in OperationCall<T> call, int index, in Matrix<T> adjoint)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!call.Needs(index))
            return;
        var input = Row(call.Input(index));
        if (input.IsBlock == adjoint.IsBlock)
        {
            var target = call.InputAdjoint(index, out var fresh);
            call.Kernels.Copy(adjoint, Row(target), accumulate: !fresh);
            return;
        }

        // The adjoint of an addition to a block sums over the rows of its repeated operand.
        call.Kernels.BinaryAdjoint(BinaryFunction.Add, input, adjoint, adjoint, Row(call.InputAdjoint(index)), default);
    }
}
