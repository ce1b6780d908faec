using PureHDF;
using PureHDF.VOL.Native;

namespace Tables.Hdf5;

/// <summary>A pass over a dataset, or over several side by side, in blocks of whole chunks.</summary>
internal sealed class Hdf5TableReader : TableReader
{
    private readonly Hdf5Stream _stream;
    private readonly NativeFile _file;
    private readonly Hdf5Source[] _sources;
    private readonly double[][] _blocks;

    // Of each source, the row after its block, where in the block the next one is, and the first of the columns that are read.
    private readonly long[] _ends;
    private readonly int[] _lengths;
    private readonly int _firstColumn;
    private readonly int _width;
    private long _row;

    public Hdf5TableReader(Hdf5Table table, int[] columns, Hdf5Stream stream, string[] paths)
        : base(table, columns)
    {
        _stream = stream;
        _file = H5File.Open(stream, leaveOpen: true);
        var isOne = paths.Length == 1;
        _sources = isOne ? [table.Source(_file, paths[0])] : Array.ConvertAll(columns, column => table.Source(_file, paths[column]));
        _firstColumn = isOne ? columns.Min() : 0;
        _width = isOne ? columns.Max() - _firstColumn + 1 : 1;
        _blocks = Array.ConvertAll(_sources, source => new double[source.BlockRows * _width]);
        _ends = new long[_sources.Length];
        _lengths = new int[_sources.Length];
    }

    private protected override string Kind => Hdf5Table.Kind;

    private protected override int ReadRows(Span<double> rowMajor)
    {
        var count = (int)Math.Min(rowMajor.Length / ColumnCount, _sources[0].Rows - _row);
        if (count == 0)
            return 0;
        for (var s = 0; s < _sources.Length; s++)
        {
            var source = _sources[s];
            if (_row == _ends[s])
            {
                _lengths[s] = (int)Math.Min(source.BlockRows, source.Rows - _row);
                source.Read(_row, _lengths[s], _firstColumn, _width, _blocks[s]);
                _ends[s] += _lengths[s];
            }

            count = (int)Math.Min(count, _ends[s] - _row);
        }

        for (var j = 0; j < ColumnCount; j++)
        {
            var s = _sources.Length == 1 ? 0 : j;
            var column = _sources.Length == 1 ? Wanted[j] - _firstColumn : 0;
            if (_width == 1)
                column = 0;
            var at = ((int)(_row - (_ends[s] - _lengths[s])) * _width) + column;
            for (var i = 0; i < count; i++)
                rowMajor[(i * ColumnCount) + j] = _blocks[s][at + (i * _width)];
        }

        _row += count;
        return count;
    }

    protected override void Dispose(bool isDisposing)
    {
        _file.Dispose();
        _stream.Dispose();
    }
}
