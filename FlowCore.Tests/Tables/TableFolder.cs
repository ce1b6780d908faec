using FlowCore.IO;
using FlowCore.Tests.IO;
using Parquet;
using Parquet.Schema;
using PureHDF;
using Tables;

namespace FlowCore.Tests.Tables;

/// <summary>A folder of a test, with files of every kind in it, gone with the test.</summary>
internal sealed class TableFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string this[string name] => _folder.File(name);

    public string Text(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Bytes(string name, params byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string Npy<T>(string name, long[] shape, params T[] values)
        where T : unmanaged
    {
        NpyFile.Write<T>(this[name], shape, values);
        return this[name];
    }

    public string Npz(string name, params TensorData[] tensors)
    {
        NpzFile.Write(this[name], new TensorArchive(tensors));
        return this[name];
    }

    /// <summary>A file of chunked or contiguous datasets; nothing is compact.</summary>
    public string Hdf5(string name, H5File file)
    {
        file.Write(this[name], new H5WriteOptions(PreferCompactDatasetLayout: false));
        return this[name];
    }

    /// <summary>A file of one row group of one column.</summary>
    public string Parquet<T>(string name, DataField field, params T?[] values)
        where T : struct
    {
        Write(name, field, group => field.IsNullable
            ? group.WriteAsync<T>(field, values)
            : group.WriteAsync<T>(field, Array.ConvertAll(values, value => value!.Value)));
        return this[name];
    }

    public string ParquetText(string name, params string[] values)
    {
        var field = new DataField("word", typeof(string), isNullable: false);
        Write(name, field, group => group.WriteAsync(field, values));
        return this[name];
    }

    public string ParquetList(string name)
    {
        var field = new DataField("many", typeof(int), isNullable: false, isArray: true);
        Write(name, field, group => group.WriteAsync<int>(field, new[] { 1, 2, 3 }, new[] { 0, 1, 0 }));
        return this[name];
    }

    /// <summary>A table of two columns, a and b, in any format that is written.</summary>
    public string Pairs(string name, int rows, bool isSingle = false)
    {
        using var writer = TableWriter.Create(this[name], ["a", "b"], isSingle);
        var pairs = new double[2 * rows];
        for (var i = 0; i < rows; i++)
            (pairs[2 * i], pairs[(2 * i) + 1]) = (i, -0.5 * i);
        writer.Write(pairs);
        writer.Complete();
        return this[name];
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, DataField field, Func<ParquetRowGroupWriter, Task> write)
    {
        using var stream = File.Create(this[name]);
        var writer = ParquetWriter.CreateAsync(new ParquetSchema(field), stream).GetAwaiter().GetResult();
        using (var group = writer.CreateRowGroup())
            write(group).GetAwaiter().GetResult();
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
