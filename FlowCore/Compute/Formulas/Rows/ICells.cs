namespace FlowCore.Compute;

/// <summary>
/// The numbers of one row, or of as many rows as a register has lanes: what the row-wise algorithms are written in, once for
/// the processor and for accelerators. A cell is one column.
/// </summary>
/// <typeparam name="V">The lane.</typeparam>
internal interface ICells<V>
    where V : unmanaged
{
    /// <summary>The number in a column.</summary>
    V Load(int index);

    /// <summary>Writes the number in a column.</summary>
    void Store(int index, V value);
}
