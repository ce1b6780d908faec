using FlowCore.IO;

namespace Tables.Npy;

/// <summary>A pass over one array of rows, or over an array for every column side by side.</summary>
internal sealed class NpyTableReader(Table table, int[] columns, NpyReader[] readers) : TableReader(table, columns)
{
    // A block small enough to stay in the second-level cache on its way to the rows.
    private const int BlockNumbers = 1 << 15;

    private readonly bool _isWhole = readers.Length == 1 && ((columns.Length == 1 && readers[0].Shape.Length == 1) || IsWhole(columns, readers[0].RowLength));
    private double[] _block = [];
    private long[] _whole = [];

    private protected override string Kind => "a plain .npy array";

    private protected override int ReadRows(Span<double> rowMajor)
    {
        var room = rowMajor.Length / ColumnCount;
        if (_isWhole)
            return ReadBlock(readers[0], rowMajor);
        if (readers.Length == 1)
        {
            var length = (int)readers[0].RowLength;
            Grow(Math.Max(length, BlockNumbers));
            var block = _block.AsSpan(0, Math.Min(room, _block.Length / length) * length);
            var rows = ReadBlock(readers[0], block);
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < ColumnCount; j++)
                    rowMajor[(i * ColumnCount) + j] = block[(i * length) + Wanted[j]];
            }

            return rows;
        }

        Grow(BlockNumbers);
        var count = 0;
        for (var j = 0; j < ColumnCount; j++)
        {
            count = ReadBlock(readers[j], _block.AsSpan(0, Math.Min(room, BlockNumbers)));
            for (var i = 0; i < count; i++)
                rowMajor[(i * ColumnCount) + j] = _block[i];
        }

        return count;
    }

    protected override void Dispose(bool isDisposing)
    {
        foreach (var reader in readers)
            reader.Dispose();
    }

    private static bool IsWhole(int[] columns, long length)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] != i)
                return false;
        }

        return columns.Length == length;
    }

    private void Grow(int numbers)
    {
        if (_block.Length < numbers)
            _block = new double[numbers];
    }

    // Whole numbers of 64 bits are looked at before they are rounded.
    private int ReadBlock(NpyReader reader, Span<double> block)
    {
        if (reader.ElementType is not (ElementType.Int64 or ElementType.UInt64))
            return reader.ReadRows(block);
        if (_whole.Length < block.Length)
            _whole = new long[block.Length];
        var whole = _whole.AsSpan(0, block.Length);
        var rows = 0;
        try
        {
            rows = reader.ReadRows(whole);
        }
        catch (OverflowException)
        {
            throw new TableException(Table.Name, "Expected whole numbers up to 2^53, got larger ones, which floating point would round.");
        }

        for (var i = 0; i < rows * reader.RowLength; i++)
        {
            if (whole[i] is > LargestWholeNumber or < -LargestWholeNumber)
                throw new TableException(Table.Name, $"Expected whole numbers up to 2^53, got {whole[i]} in {Place(RowsRead + (i / reader.RowLength))}, which floating point would round.");
            block[i] = whole[i];
        }

        return rows;
    }
}
