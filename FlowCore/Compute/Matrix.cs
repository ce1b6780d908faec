namespace FlowCore.Compute;

/// <summary>
/// A column-major view of device memory: column j is a contiguous run of <see cref="Rows"/> numbers that starts
/// <see cref="Stride"/> numbers behind column j − 1.
/// </summary>
/// <remarks>
/// Two kinds of matrices meet in the kernels. A <em>block</em> holds one number an event in each column: a SIMD lane is
/// an event. Its stride is larger than its rows (<see cref="IsBlock"/>), and a kernel may compute up to the next
/// multiple of <see cref="RowQuantum"/> rows: the padding repeats a valid row forward and has adjoint zero backward.
/// A <em>shared</em> matrix is the same for all events (parameters and what is computed of them): dense, its stride
/// equal to its rows. A weight [outputs, inputs] in row-major order is the shared matrix of inputs rows and outputs
/// columns; a vector of C parameters has one row and C columns.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="Memory">Where the numbers are; null for "no matrix".</param>
/// <param name="Offset">The position of the first number in <paramref name="Memory"/>.</param>
/// <param name="Rows">How many rows are meant.</param>
/// <param name="Columns">How many columns.</param>
/// <param name="Stride">The distance from one column to the next.</param>
public readonly record struct Matrix<T>(DeviceMemory<T>? Memory, long Offset, int Rows, int Columns, int Stride)
    where T : unmanaged
{
    /// <summary>Blocks are computed in whole multiples of this many rows, whatever the register width.</summary>
    public const int RowQuantum = 32;

    /// <summary>True where there is no matrix: an optional operand left out.</summary>
    public bool IsEmpty => Memory is null;

    /// <summary>True for a matrix with a row for each event, false for one that all events share.</summary>
    public bool IsBlock => Stride > Rows;

    /// <summary>The rows that a kernel computes: for a block rounded up to the row quantum.</summary>
    public int PaddedRows => IsBlock ? (Rows + RowQuantum - 1) & -RowQuantum : Rows;

    /// <summary>The columns [start, start + count), sharing the memory.</summary>
    /// <param name="start">The first column.</param>
    /// <param name="count">How many.</param>
    /// <returns>The narrower view.</returns>
    public Matrix<T> Slice(int start, int count) => this with { Offset = Offset + ((long)start * Stride), Columns = count };

    /// <summary>The address of the first number, for kernels on the host.</summary>
    internal unsafe T* Pointer => Memory is null ? null : (T*)Memory.Address + Offset;

    /// <summary>The address of the first number of a column, for kernels on the host.</summary>
    internal unsafe T* Column(int column) => (T*)Memory!.Address + Offset + ((long)column * Stride);
}
