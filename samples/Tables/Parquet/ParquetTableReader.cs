using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace Tables.Parquet;

/// <summary>A pass over the row groups of a Parquet file. A group's wanted columns are held, nothing else.</summary>
internal sealed class ParquetTableReader : TableReader
{
    private readonly FileStream _stream;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    // The columns of a group: those of single precision as they are stored, all others as doubles.
    private readonly double[][] _numbers;
    private readonly float[][] _singles;
    private readonly int _bytesOfRow;
    private int[] _levels = [];
    private Array? _typed;
    private int _group = -1;
    private int _rows;
    private int _row;

    public ParquetTableReader(Table table, int[] columns, FileStream stream)
        : base(table, columns)
    {
        _stream = stream;
        _reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
        _fields = Array.ConvertAll(columns, column => (DataField)_reader.Schema.Fields[column]);
        _numbers = new double[columns.Length][];
        Array.Fill(_numbers, []);
        _singles = new float[columns.Length][];
        Array.Fill(_singles, []);

        // Beside them one column as it is stored, with the levels that tell its nulls.
        var isBare = true;
        foreach (var field in _fields)
        {
            _bytesOfRow += IsSingle(field) ? sizeof(float) : sizeof(double);
            isBare &= !field.IsNullable && (IsSingle(field) || field.ClrType == typeof(double));
        }

        _bytesOfRow += isBare ? 0 : sizeof(double) + sizeof(int);
    }

    private protected override string Kind => ParquetTable.Kind;

    private protected override int ReadRows(Span<double> rowMajor)
    {
        while (_row == _rows)
        {
            if (_group + 1 == _reader.RowGroupCount)
                return 0;
            ReadGroup(++_group);
        }

        var count = Math.Min(rowMajor.Length / ColumnCount, _rows - _row);
        for (var j = 0; j < ColumnCount; j++)
        {
            if (IsSingle(_fields[j]))
                Put<float>(_singles[j].AsSpan(_row, count), rowMajor[j..]);
            else
                Put<double>(_numbers[j].AsSpan(_row, count), rowMajor[j..]);
        }

        _row += count;
        return count;
    }

    protected override void Dispose(bool isDisposing)
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    private static bool IsSingle(DataField field) => field.ClrType == typeof(float);

    private void Put<T>(ReadOnlySpan<T> column, Span<double> rowMajor)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0; i < column.Length; i++)
            rowMajor[i * ColumnCount] = double.CreateTruncating(column[i]);
    }

    private void ReadGroup(int index)
    {
        using var group = _reader.OpenRowGroupReader(index);
        var bytes = (double)group.RowCount * _bytesOfRow;
        if (group.RowCount > Array.MaxLength || bytes > 0.5 * Table.Options.Limit)
        {
            throw new TableException(
                Table.Name,
                $"Expected row groups that fit half of the memory limit, got one of {group.RowCount} rows, which takes {bytes / (1 << 20):f0} MiB with {ColumnCount} columns: give --memory more, or write smaller row groups.");
        }

        (_rows, _row) = ((int)group.RowCount, 0);
        for (var j = 0; j < ColumnCount; j++)
        {
            if (IsSingle(_fields[j]) && _singles[j].Length < _rows)
                _singles[j] = GC.AllocateUninitializedArray<float>(_rows);
            if (!IsSingle(_fields[j]) && _numbers[j].Length < _rows)
                _numbers[j] = GC.AllocateUninitializedArray<double>(_rows);
            ReadColumn(group, j);
        }
    }

    private void ReadColumn(ParquetRowGroupReader group, int j)
    {
        var type = _fields[j].ClrType;
        if (type == typeof(double) && !_fields[j].IsNullable)
            group.ReadRawAsync(_fields[j], _numbers[j].AsMemory(0, _rows), null, null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        else if (type == typeof(double))
            Read<double>(group, j);
        else if (type == typeof(float) && !_fields[j].IsNullable)
            group.ReadRawAsync(_fields[j], _singles[j].AsMemory(0, _rows), null, null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        else if (type == typeof(float))
            Spread(ReadStored<float>(group, j), j, _singles[j], static value => value, float.NaN);
        else if (type == typeof(long))
            ReadWhole<long>(group, j);
        else if (type == typeof(ulong))
            ReadWhole<ulong>(group, j);
        else if (type == typeof(int))
            Read<int>(group, j);
        else if (type == typeof(uint))
            Read<uint>(group, j);
        else if (type == typeof(short))
            Read<short>(group, j);
        else if (type == typeof(ushort))
            Read<ushort>(group, j);
        else if (type == typeof(sbyte))
            Read<sbyte>(group, j);
        else if (type == typeof(byte))
            Read<byte>(group, j);
        else
            ReadTruths(group, j);
    }

    private void Read<T>(ParquetRowGroupReader group, int j)
        where T : unmanaged, INumberBase<T> => Spread(ReadStored<T>(group, j), j, _numbers[j], static value => double.CreateTruncating(value), double.NaN);

    private void ReadWhole<T>(ParquetRowGroupReader group, int j)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (least, most) = (T.CreateSaturating(-LargestWholeNumber), T.CreateSaturating(LargestWholeNumber));
        var stored = ReadStored<T>(group, j);
        foreach (var value in stored)
        {
            if (value < least || value > most)
                throw new TableException(Table.Name, $"Expected whole numbers up to 2^53 in column {NameOf(j)}, got {value}, which floating point would round.");
        }

        Spread(stored, j, _numbers[j], static value => double.CreateTruncating(value), double.NaN);
    }

    private void ReadTruths(ParquetRowGroupReader group, int j) => Spread(ReadStored<bool>(group, j), j, _numbers[j], static value => value ? 1.0 : 0.0, double.NaN);

    // The values that are there, without the nulls; the levels say where they belong.
    private Span<T> ReadStored<T>(ParquetRowGroupReader group, int j)
        where T : unmanaged
    {
        if (_typed is not T[] typed || typed.Length < _rows)
            _typed = typed = new T[_rows];
        Memory<int>? levels = null;
        if (_fields[j].IsNullable)
        {
            if (_levels.Length < _rows)
                _levels = new int[_rows];
            levels = _levels.AsMemory(0, _rows);
        }

        group.ReadRawAsync(_fields[j], typed.AsMemory(0, _rows), levels, null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (levels is null)
            return typed.AsSpan(0, _rows);
        var count = 0;
        foreach (var level in levels.Value.Span)
            count += level > 0 ? 1 : 0;
        return typed.AsSpan(0, count);
    }

    private void Spread<T, TNumber>(ReadOnlySpan<T> stored, int j, TNumber[] column, Func<T, TNumber> convert, TNumber missing)
    {
        var numbers = column.AsSpan(0, _rows);
        if (!_fields[j].IsNullable)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = convert(stored[i]);
            return;
        }

        var next = 0;
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = _levels[i] > 0 ? convert(stored[next++]) : missing;
    }
}
