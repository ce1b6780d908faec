using System.Globalization;
using FlowCore.IO;

namespace Tables;

internal enum MissingValues
{
    Refuse,
    Drop,
}

internal sealed record TableOptions
{
    public char? Delimiter { get; init; }

    public bool? HasHeader { get; init; }

    public MissingValues Missing { get; init; }
}

internal sealed class TableException(string message) : IOException(message);

internal sealed class Table : IDisposable
{
    private readonly double[] _numbers;

    private Table(string name, string[] columns, double[] numbers) => (Name, Columns, _numbers) = (name, columns, numbers);

    public string Name { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Notes => [];

    public long RowCount => _numbers.Length / Columns.Count;

    public static Table Open(string specification, TableOptions? options = null)
    {
        if (!File.Exists(specification))
            throw new FileNotFoundException($"The file '{specification}' does not exist.");
        if (specification.EndsWith(".npy", StringComparison.Ordinal))
        {
            var tensor = NpyFile.Read(specification);
            var width = tensor.Shape.Length == 1 ? 1 : (int)tensor.Shape[1];
            return new Table(specification, [.. Enumerable.Range(0, width).Select(k => $"x{k}")], tensor.ToArray<double>());
        }

        var lines = File.ReadAllLines(specification);
        return new Table(specification, lines[0].Split(','), [.. lines.Skip(1).SelectMany(line => line.Split(',')).Select(word => double.Parse(word, CultureInfo.InvariantCulture))]);
    }

    public int IndexOf(string name)
    {
        var index = Columns.ToList().IndexOf(name);
        return index >= 0 ? index : throw new TableException($"{Name}: Expected the name of a column, got '{name}'.");
    }

    public TableReader Read(IReadOnlyList<int> columns) => new(columns, _numbers, Columns.Count);

    public void Dispose()
    {
    }
}

internal sealed class TableReader(IReadOnlyList<int> columns, double[] numbers, int width) : IDisposable
{
    public int ColumnCount => columns.Count;

    public long RowsRead { get; private set; }

    public long DroppedRows => 0;

    public int Next(Span<double> rowMajor)
    {
        var rows = (int)Math.Min(rowMajor.Length / ColumnCount, (numbers.Length / width) - RowsRead);
        for (var i = 0; i < rows * ColumnCount; i++)
            rowMajor[i] = numbers[((RowsRead + (i / ColumnCount)) * width) + columns[i % ColumnCount]];
        RowsRead += rows;
        return rows;
    }

    public int Next(Span<float> rowMajor)
    {
        var wide = new double[rowMajor.Length];
        var rows = Next(wide);
        for (var i = 0; i < wide.Length; i++)
            rowMajor[i] = (float)wide[i];
        return rows;
    }

    public void Dispose()
    {
    }
}
