using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// A matrix with a step for each index: an operand that may be repeated over the rows or the columns of a result, where the step is 0, or one
/// of a matrix product, whose row is the index that the result keeps and whose column is the one that is summed over.
/// </summary>
/// <param name="data">The memory from the first number on.</param>
/// <param name="rowStep">The distance from one row to the next.</param>
/// <param name="columnStep">The distance from one column to the next.</param>
internal readonly struct DeviceOperand<T>(ArrayView<T> data, int rowStep, int columnStep)
    where T : unmanaged
{
    /// <summary>The memory from the first number on.</summary>
    public readonly ArrayView<T> Data = data;

    /// <summary>The distance from one row to the next.</summary>
    public readonly int RowStep = rowStep;

    /// <summary>The distance from one column to the next.</summary>
    public readonly int ColumnStep = columnStep;

    /// <summary>The number that belongs to a row and a column of the result.</summary>
    public ref T this[int row, int column] => ref Data[(row * RowStep) + (column * ColumnStep)];
}
