namespace FlowCore.Compute;

/// <summary>The way between row-major rows and the columns of a block (see <see cref="Matrix{T}"/>), both in host memory.</summary>
internal static unsafe class BlockLayout<T>
    where T : unmanaged
{
    // The rows of a tile: of every column one cache line of floats, and 16 host rows of a few hundred bytes each stay
    // in the first-level cache while all columns pass.
    private const int TileRows = 16;

    /// <summary>Copies rows into columns and repeats the last row in the padding.</summary>
    /// <param name="source">Row-major [rows, columns].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="destination">The first column.</param>
    /// <param name="stride">The distance from one column to the next.</param>
    /// <param name="paddedRows">Up to which row a column is filled.</param>
    internal static void ToColumns(T* source, int rows, int columns, T* destination, int stride, int paddedRows)
    {
        if (columns == 1)
        {
            new ReadOnlySpan<T>(source, rows).CopyTo(new Span<T>(destination, rows));
        }
        else
        {
            for (var row = 0; row < rows; row += TileRows)
            {
                var count = Math.Min(TileRows, rows - row);
                for (var column = 0; column < columns; column++)
                {
                    var from = source + ((long)row * columns) + column;
                    var to = destination + ((long)column * stride) + row;
                    for (var i = 0; i < count; i++, from += columns)
                        to[i] = *from;
                }
            }
        }

        var padding = paddedRows - rows;
        if (padding == 0)
            return;
        for (var column = 0; column < columns; column++)
        {
            var end = destination + ((long)column * stride) + rows;
            new Span<T>(end, padding).Fill(end[-1]);
        }
    }

    /// <summary>Copies the valid rows of columns into rows.</summary>
    /// <param name="source">The first column.</param>
    /// <param name="stride">The distance from one column to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="destination">Row-major [rows, columns].</param>
    internal static void ToRows(T* source, int stride, int rows, int columns, T* destination)
    {
        if (columns == 1)
        {
            new ReadOnlySpan<T>(source, rows).CopyTo(new Span<T>(destination, rows));
            return;
        }

        for (var row = 0; row < rows; row += TileRows)
        {
            var count = Math.Min(TileRows, rows - row);
            for (var column = 0; column < columns; column++)
            {
                var from = source + ((long)column * stride) + row;
                var to = destination + ((long)row * columns) + column;
                for (var i = 0; i < count; i++, to += columns)
                    *to = from[i];
            }
        }
    }
}
