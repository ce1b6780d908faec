using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>Matrices for kernel tests, and a look at all their numbers.</summary>
internal static class TestMatrix
{
    /// <summary>A block as a tape makes it, filled row by row, its padding as <see cref="Kernels{T}.LoadRows"/> leaves it.</summary>
    internal static Matrix<T> Block<T>(Kernels<T> kernels, int rows, int columns, Func<int, int, double> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stride = ((rows + 31) & -32) + 16;
        var matrix = new Matrix<T>(kernels.Allocate((long)stride * columns), 0, rows, columns, stride);
        kernels.LoadRows(Rows<T>(rows, columns, value), matrix);
        return matrix;
    }

    /// <summary>A shared matrix.</summary>
    internal static Matrix<T> Shared<T>(Kernels<T> kernels, int rows, int columns, Func<int, int, double> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var matrix = new Matrix<T>(kernels.Allocate((long)rows * columns), 0, rows, columns, rows);
        kernels.LoadRows(Rows<T>(rows, columns, value), matrix);
        return matrix;
    }

    /// <summary>All numbers of the memory behind a matrix, whether it covers them or not.</summary>
    internal static T[] Everything<T>(Kernels<T> kernels, in Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[matrix.Memory!.Length];
        kernels.Read(matrix.Memory, 0, numbers);
        return numbers;
    }

    /// <summary>The valid rows of a matrix, row-major.</summary>
    internal static double[] Read<T>(Kernels<T> kernels, in Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[matrix.Rows * matrix.Columns];
        kernels.StoreRows(matrix, numbers);
        return Array.ConvertAll(numbers, double.CreateTruncating);
    }

    private static T[] Rows<T>(int rows, int columns, Func<int, int, double> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                numbers[(row * columns) + column] = T.CreateTruncating(value(row, column));
        }

        return numbers;
    }

    /// <summary>The sum of the gradient slots, and the sum of squares that came with it.</summary>
    public static double ReduceGradients<T>(Kernels<T> kernels, DeviceMemory<T>[] slots, int count, DeviceMemory<T> sum, long start, long length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var squares = kernels.AllocateSums(3);
        kernels.ReduceGradients(slots, count, sum, start, length, squares, at: 1);
        var read = new double[3];
        kernels.ReadSums(squares, read);
        Assert.That((read[0], read[2]), Is.EqualTo((0.0, 0.0)), "the places beside it are not touched");
        return read[1];
    }
}
