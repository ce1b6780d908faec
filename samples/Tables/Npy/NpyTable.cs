using FlowCore.IO;

namespace Tables.Npy;

/// <summary>An .npy array [rows] or [rows, columns].</summary>
internal sealed class NpyTable : Table
{
    private NpyTable(TableSpecification specification, TableOptions options, NpyReader header)
        : base(specification, options)
    {
        if (header.Shape.Length > 2)
            throw Error($"Expected an array of rows and columns, got one of {header.Shape.Length} dimensions.");
        if (header.RowLength is 0 or > int.MaxValue)
            throw Error($"Expected at least one column, got {header.RowLength}.");
        if (header.RowCount == 0)
            throw Error("Expected at least one row, got none.");
        RowCount = header.RowCount;
        SetColumns(NumberedColumns(header.RowLength));
    }

    /// <inheritdoc/>
    public override long RowCount { get; }

    public static NpyTable Open(TableSpecification specification, TableOptions options)
    {
        using var header = new NpyReader(specification.Path);
        return new NpyTable(specification, options, header);
    }

    private protected override TableReader Start(int[] columns) => new NpyTableReader(this, columns, [new NpyReader(Path)]);
}
