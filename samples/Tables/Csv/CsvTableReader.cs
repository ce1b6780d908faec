using System.Globalization;
using nietras.SeparatedValues;

namespace Tables.Csv;

/// <summary>A pass over the lines of a text file. Fields of columns that are not asked for are found, but not read.</summary>
internal sealed class CsvTableReader : TableReader
{
    public const string What = "a text file of rows in UTF-8";

    private readonly CsvStream _stream;
    private readonly SepReader _reader;
    private readonly int _fields;

    // Sep takes a comma for a separator of thousands: 1,5 would be 15.
    private readonly bool _mayHoldCommas;
    // The lines of the rows of the last block, the first of which is this row of the file.
    private int[] _lines = [];
    private long _firstRow;
    private bool _isFirst;
    private bool _isAtStart = true;

    public CsvTableReader(CsvTable table, int[] columns, CsvStream stream, bool hasHeader)
        : base(table, columns)
    {
        _stream = stream;
        _reader = table.Open(stream);
        _fields = table.Columns.Count;
        _mayHoldCommas = table.Delimiter != ',';
        _isFirst = hasHeader;
    }

    private protected override string Kind => What;

    private protected override int ReadRows(Span<double> rowMajor)
    {
        var room = rowMajor.Length / ColumnCount;
        var count = 0;
        if (_lines.Length < room)
            _lines = new int[room];
        _firstRow = RowsRead;
        while (count < room && _reader.MoveNext())
        {
            _stream.StartRow();
            var row = _reader.Current;

            // Sep counts the first line, which it has looked at before, as the second.
            var line = _isAtStart ? 1 : row.LineNumberFrom;
            _isAtStart = false;
            if (row.Span.IsEmpty)
                continue;
            if (_isFirst)
            {
                _isFirst = false;
                continue;
            }

            if (row.ColCount != _fields)
                throw Ragged(row, line);
            var numbers = rowMajor.Slice(count * ColumnCount, ColumnCount);
            for (var j = 0; j < numbers.Length; j++)
            {
                var field = row[Wanted[j]];
                if ((_mayHoldCommas && field.Span.Contains(',')) || !field.TryParse(out numbers[j]) || !(Math.Abs(numbers[j]) < LargestWholeNumber))
                    numbers[j] = Careful(field.Span, j, line);
            }

            _lines[count++] = line;
        }

        return count;
    }

    protected override void Dispose(bool isDisposing)
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private protected override string Place(long row) => Line(_lines[row - _firstRow]);

    private static string Line(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line}");

    // What is no plain number of moderate size: quoted, missing, infinite, too large, text.
    private double Careful(ReadOnlySpan<char> raw, int wanted, int line)
    {
        var field = CsvNumber.Unquoted(raw);
        if (CsvNumber.IsMissing(field))
        {
            if (Table.Options.Missing == MissingValues.Drop)
                return double.NaN;
            throw Missing(Line(line), wanted, field.IsEmpty ? "an empty field" : TableException.Quote(field));
        }

        if (!CsvNumber.TryParse(field, out var number))
        {
            var hint = field.Contains(',') && CsvNumber.TryParse(field.ToString().Replace(',', '.'), out _) ? ": write decimal points, not commas"
                : raw.Contains('"') ? ": a quote may not be closed" : "";
            throw Error(wanted, line, $"a number{hint}", field);
        }

        if (double.IsInfinity(number))
            throw Error(wanted, line, "a finite number of double precision", field);
        if (CsvNumber.IsRoundedInteger(field, number))
            throw Error(wanted, line, "whole numbers up to 2^53: floating point would round it", field);
        return number;
    }

    private TableException Error(int wanted, int line, string expected, ReadOnlySpan<char> field)
    {
        var colon = expected.IndexOf(':', StringComparison.Ordinal);
        var (what, hint) = colon < 0 ? (expected, "") : (expected[..colon], expected[colon..]);
        return new TableException(Table.Name, string.Create(CultureInfo.InvariantCulture, $"Expected {what} in column {NameOf(wanted)}, line {line}, got {TableException.Quote(field)}{hint}."));
    }

    private TableException Ragged(SepReader.Row row, int line)
    {
        var lines = row.LineNumberToExcl - line;
        var hint = lines > 1 ? $"; a quote that opens there closes {lines - 1} lines below, or never" : _fields == 1 ? "; --delimiter says what separates them" : "";
        return new TableException(Table.Name, string.Create(CultureInfo.InvariantCulture, $"Expected {_fields} fields in line {line}, got {row.ColCount}{hint}."));
    }
}
