using System.Numerics;
using FlowCore.IO;
using Parquet;
using Parquet.Schema;

namespace Tables;

/// <summary>A Parquet file of required columns, in row groups of bounded size, compressed by Snappy.</summary>
internal sealed class ParquetTableWriter : TableWriter
{
    private const int GroupBytes = 32 << 20;

    private readonly AtomicFileStream _file;
    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;
    private readonly float[][] _single;
    private readonly double[][] _double;
    private readonly bool _isSingle;
    private readonly int _groupRows;
    private int _rows;
    private bool _isClosed;

    public ParquetTableWriter(string path, string[] columns, bool isSingle)
        : base(path, columns)
    {
        _isSingle = isSingle;
        _groupRows = Math.Clamp(GroupBytes / ((isSingle ? 4 : 8) * columns.Length), 1 << 10, 1 << 20);
        _fields = Array.ConvertAll(columns, name => new DataField(name, isSingle ? typeof(float) : typeof(double), isNullable: false));
        _single = isSingle ? Array.ConvertAll(columns, _ => new float[_groupRows]) : [];
        _double = isSingle ? [] : Array.ConvertAll(columns, _ => new double[_groupRows]);
        _file = new AtomicFileStream(path);
        try
        {
            _writer = ParquetWriter.CreateAsync(new ParquetSchema([.. _fields]), _file.Stream).GetAwaiter().GetResult();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override void Complete()
    {
        Guard(() =>
        {
            if (_rows > 0)
                WriteGroup();
            _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _isClosed = true;
            _file.Commit();
        });
    }

    private protected override void WriteRows(ReadOnlySpan<double> rowMajor)
    {
        if (_isSingle)
            Append<double, float>(rowMajor, _single);
        else
            Append(rowMajor, _double);
    }

    private protected override void WriteRows(ReadOnlySpan<float> rowMajor)
    {
        if (_isSingle)
            Append(rowMajor, _single);
        else
            Append<float, double>(rowMajor, _double);
    }

    protected override void Dispose(bool isDisposing)
    {
        try
        {
            if (!_isClosed)
                _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The file is given up: that its end could not be written does not matter.
        }

        _isClosed = true;
        _file.Dispose();
    }

    // Rows to columns; a full group goes to the file.
    private void Append<TFrom, T>(ReadOnlySpan<TFrom> rows, T[][] columns)
        where TFrom : unmanaged, INumberBase<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        var width = columns.Length;
        for (var start = 0; start < rows.Length;)
        {
            var count = Math.Min(_groupRows - _rows, (rows.Length - start) / width);
            for (var j = 0; j < width; j++)
            {
                var column = columns[j].AsSpan(_rows, count);
                for (var i = 0; i < column.Length; i++)
                    column[i] = T.CreateTruncating(rows[start + (i * width) + j]);
            }

            start += count * width;
            _rows += count;
            if (_rows == _groupRows)
                Guard(WriteGroup);
        }
    }

    private void WriteGroup()
    {
        using var group = _writer.CreateRowGroup();
        for (var j = 0; j < _fields.Length; j++)
        {
            var task = _isSingle
                ? group.WriteAsync<float>(_fields[j], _single[j].AsMemory(0, _rows))
                : group.WriteAsync<double>(_fields[j], _double[j].AsMemory(0, _rows));
            task.GetAwaiter().GetResult();
        }

        group.CompleteValidate();
        _rows = 0;
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw _file.Failed(e);
        }
    }
}
