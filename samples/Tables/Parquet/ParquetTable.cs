using FlowCore.IO;
using Parquet;
using Parquet.Schema;

namespace Tables.Parquet;

/// <summary>A Parquet file: its top-level columns of numbers, with or without nulls. Columns of other types have a name, but cannot be read.</summary>
internal sealed class ParquetTable : Table
{
    public const string Kind = "a Parquet file";

    private static readonly HashSet<Type> _numbers =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double),
    ];

    private readonly Field[] _fields;

    private ParquetTable(TableSpecification specification, TableOptions options, ParquetReader reader)
        : base(specification, options)
    {
        _fields = [.. reader.Schema.Fields];
        if (_fields.Length == 0)
            throw Error("Expected at least one column, got none.");
        SetColumns(Array.ConvertAll(_fields, field => field.Name));
        foreach (var group in reader.Metadata!.RowGroups)
            RowCount = checked(RowCount + (group.NumRows >= 0 ? group.NumRows : throw Error($"Expected row groups of at least one row, got {group.NumRows}.")));
        if (RowCount == 0)
            throw Error("Expected at least one row, got none.");
    }

    /// <inheritdoc/>
    public override long RowCount { get; }

    public static ParquetTable Open(TableSpecification specification, TableOptions options)
    {
        using var stream = InputFile.Open(specification.Path);
        CheckMagic(stream, specification.Text);
        var reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        try
        {
            return new ParquetTable(specification, options, reader);
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private protected override TableReader Start(int[] columns)
    {
        foreach (var column in columns)
        {
            if (WhyNot(_fields[column]) is { } reason)
                throw Error($"Expected numbers in column {TableException.Quote(_fields[column].Name)}, got {reason}; choose other columns.");
        }

        var stream = InputFile.Open(Path);
        try
        {
            return TableException.Guard(Name, Kind, () => new ParquetTableReader(this, columns, stream));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string? WhyNot(Field field) => field switch
    {
        DecimalDataField or BigDecimalDataField => "decimal numbers",
        DataField { IsArray: true } => "lists",
        DataField { MaxRepetitionLevel: > 0 } => "lists",
        DataField data when _numbers.Contains(data.ClrType) => null,
        DataField data when data.ClrType == typeof(string) || data.ClrType == typeof(byte[]) || data.ClrType == typeof(ReadOnlyMemory<char>) || data.ClrType == typeof(ReadOnlyMemory<byte>) => "text",
        DataField data => $"the type {data.ClrType.Name}",
        ListField => "lists",
        MapField => "maps",
        _ => "a group of columns",
    };

    private static void CheckMagic(FileStream stream, string name)
    {
        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        if (stream.Length < 12)
            throw new TableException(name, $"Expected {Kind}, got {stream.Length} bytes.");
        stream.ReadExactly(first);
        stream.Position = stream.Length - last.Length;
        stream.ReadExactly(last);
        stream.Position = 0;
        if (first.SequenceEqual("PARE"u8) || last.SequenceEqual("PARE"u8))
            throw new TableException(name, $"Expected {Kind}, got an encrypted one.");
        if (!first.SequenceEqual("PAR1"u8))
            throw new TableException(name, $"Expected {Kind}, the first bytes are those of another kind.");
        if (!last.SequenceEqual("PAR1"u8))
            throw new TableException(name, $"Expected {Kind}, it is truncated: the end is missing.");
    }
}
