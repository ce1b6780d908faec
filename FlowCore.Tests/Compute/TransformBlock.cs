using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>A block or a shared row with numbers in double on the outside, for the tests of the transforms' kernels.</summary>
internal sealed unsafe class TransformBlock<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CpuMemory<T> _memory;

    private TransformBlock(int rows, int columns, int stride)
    {
        _memory = new CpuMemory<T>((long)columns * stride);
        Matrix = new Matrix<T>(_memory, 0, rows, columns, stride);
    }

    public Matrix<T> Matrix { get; }

    public double this[int row, int column]
    {
        get => double.CreateChecked(Matrix.Column(column)[row]);
        set => Matrix.Column(column)[row] = T.CreateChecked(value);
    }

    /// <summary>Zeros; the padding too.</summary>
    public static TransformBlock<T> Zeros(int rows, int columns) =>
        new(rows, columns, ((rows + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum) + 16);

    /// <summary>Values: the padding repeats the last row.</summary>
    public static TransformBlock<T> Values(int rows, int columns, Func<int, int, double> value)
    {
        var block = Adjoints(rows, columns, value);
        for (var column = 0; column < columns; column++)
        {
            for (var row = rows; row < block.Matrix.PaddedRows; row++)
                block[row, column] = block[rows - 1, column];
        }

        return block;
    }

    /// <summary>Adjoints: the padding is zero.</summary>
    public static TransformBlock<T> Adjoints(int rows, int columns, Func<int, int, double> value)
    {
        var block = Zeros(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                block[row, column] = value(row, column);
        }

        return block;
    }

    /// <summary>One row for all events.</summary>
    public static TransformBlock<T> Shared(int columns, Func<int, double> value)
    {
        var block = new TransformBlock<T>(1, columns, 1);
        for (var column = 0; column < columns; column++)
            block[0, column] = value(column);
        return block;
    }

    public double[] ToArray()
    {
        var result = new double[Matrix.Rows * Matrix.Columns];
        for (var row = 0; row < Matrix.Rows; row++)
        {
            for (var column = 0; column < Matrix.Columns; column++)
                result[(row * Matrix.Columns) + column] = this[row, column];
        }

        return result;
    }

    public void Dispose() => _memory.Dispose();
}
