using System.Globalization;
using System.Text;
using nietras.SeparatedValues;

namespace Tables.Csv;

/// <summary>A text file of fields between delimiters, one row a line, in UTF-8.</summary>
internal sealed class CsvTable : Table
{
    private readonly bool _hasHeader;
    private long _rows = -1;

    private CsvTable(TableSpecification specification, TableOptions options, CsvHead head)
        : base(specification, options)
    {
        Delimiter = options.Delimiter ?? head.Delimiter(specification.Extension is ".tsv" or ".tab");
        if (options.Delimiter is null && Delimiter != (specification.Extension is ".tsv" or ".tab" ? '\t' : ','))
            Note($"fields are taken to be separated by {CsvHead.NameOf(Delimiter)}; --delimiter says otherwise.");
        using var stream = new CsvStream(Path, Name);
        using var reader = Open(stream);
        string[]? first = null;
        while (first is null && reader.MoveNext())
            first = reader.Current.Span.IsEmpty ? null : Fields(reader.Current);
        if (first is null)
            throw Error("Expected a line of column names or numbers, there are only empty lines.");
        _hasHeader = options.HasHeader ?? !Array.TrueForAll(first, field => CsvNumber.IsMissing(field) || CsvNumber.TryParse(field, out _));
        if (!_hasHeader)
        {
            if (options.HasHeader is null)
                Note("the first line holds numbers, so it is taken as a row, and the columns are named x0, x1 and so on.");
            SetColumns(NumberedColumns(first.Length));
            return;
        }

        for (var i = 0; i < first.Length; i++)
            first[i] = first[i].Length == 0 ? FormattableString.Invariant($"unnamed{i}") : first[i];
        SetColumns(first);
        do
        {
            if (!reader.MoveNext())
                throw Error("Expected rows below the line of column names, there are none.");
        }
        while (reader.Current.Span.IsEmpty);
    }

    /// <summary>What separates the fields.</summary>
    public char Delimiter { get; }

    /// <inheritdoc/>
    public override long RowCount
    {
        get
        {
            if (_rows < 0)
                _rows = TableException.Guard(Name, CsvTableReader.What, Count);
            return _rows;
        }
    }

    public static CsvTable Open(TableSpecification specification, TableOptions options)
    {
        if (options.Delimiter is '"' or '\r' or '\n' || options.Delimiter > 126 || options.Delimiter < '\t')
            throw new TableException(specification.Text, $"Expected a plain character as --delimiter, got {TableException.Quote([options.Delimiter!.Value])}.");
        var head = CsvHead.Read(specification);
        return TableException.Guard(specification.Text, CsvTableReader.What, () => new CsvTable(specification, options, head));
    }

    /// <summary>Starts Sep on the text; rows of all lengths, quotes left as they are: both are looked at here, with better sentences.</summary>
    internal SepReader Open(CsvStream stream)
    {
        var options = new SepReaderOptions(new Sep(Delimiter)) { HasHeader = false, DisableColCountCheck = true, CultureInfo = CultureInfo.InvariantCulture };
        return options.From(new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true));
    }

    private protected override TableReader Start(int[] columns) => new CsvTableReader(this, columns, new CsvStream(Path, Name), _hasHeader);

    private long Count()
    {
        using var stream = new CsvStream(Path, Name);
        using var reader = Open(stream);
        var rows = _hasHeader ? -1L : 0;
        while (reader.MoveNext())
        {
            stream.StartRow();
            rows += reader.Current.Span.IsEmpty ? 0 : 1;
        }

        return rows;
    }

    private static string[] Fields(SepReader.Row row)
    {
        var fields = new string[row.ColCount];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = CsvNumber.Unquoted(row[i].Span).Trim().ToString();
        return fields;
    }
}
