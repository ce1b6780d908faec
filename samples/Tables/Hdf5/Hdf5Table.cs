using FlowCore.IO;
using PureHDF;
using PureHDF.VOL.Native;

namespace Tables.Hdf5;

/// <summary>A dataset [rows, columns] of an HDF5 file, or the datasets [rows] of a group as columns by their names.</summary>
internal sealed class Hdf5Table : Table
{
    public const string Kind = "an HDF5 file";

    private static readonly byte[] _magic = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    // The paths of the datasets: one, or one for every column.
    private readonly string[] _paths;

    private Hdf5Table(TableSpecification specification, TableOptions options)
        : base(specification, options)
    {
        CheckMagic();
        var part = specification.Part?.Trim('/') ?? "";
        using (var links = new Hdf5Links(Path, Name))
            links.Check(part);
        using var stream = new Hdf5Stream(Path);
        using var file = H5File.Open(stream, leaveOpen: true);
        if (part.Length > 0 && !file.LinkExists("/" + part))
            throw Error($"Expected the path of a dataset behind the colon, got {TableException.Quote(part)}; there are {List(file)}.");
        var found = part.Length == 0 ? file : file.Get("/" + part);
        _paths = found switch
        {
            IH5UnresolvedLink => throw Error($"Expected the path of a dataset, {TableException.Quote(part)} is a link that leads nowhere or in a circle."),
            NativeDataset => ["/" + part],
            NativeGroup group => Datasets(group, part),
            _ => throw Error($"Expected the path of a dataset behind the colon, {TableException.Quote(part)} is none."),
        };
        var columns = new List<string>();
        foreach (var path in _paths)
        {
            var source = Source(file, path);
            source.CheckIsHere(stream);
            if (_paths.Length > 1 && !source.IsVector)
                throw Error($"Expected one dataset behind the colon, as in {specification.Path}:{path}, where not all are columns of numbers; there are {List(_paths)}.");
            if (columns.Count > 0 && source.Rows != RowCount)
                throw Error($"Expected datasets of one length, {TableException.Quote(path)} has {source.Rows} rows and {TableException.Quote(_paths[0])} {RowCount}; a colon and a path choose one.");
            RowCount = source.Rows;
            if (source.IsVector)
                columns.Add(path[(path.LastIndexOf('/') + 1)..]);
            else
                columns.AddRange(NumberedColumns(source.Columns));
        }

        SetColumns([.. columns]);
    }

    /// <inheritdoc/>
    public override long RowCount { get; }

    public static Hdf5Table Open(TableSpecification specification, TableOptions options) => new(specification, options);

    /// <summary>A dataset of an open file.</summary>
    internal Hdf5Source Source(NativeFile file, string path) => file.Get(path) is NativeDataset dataset
        ? new Hdf5Source(Name, path, dataset, Options.Limit)
        : throw Error($"Expected a dataset at {TableException.Quote(path)}, it is none.");

    private protected override TableReader Start(int[] columns)
    {
        var stream = new Hdf5Stream(Path);
        try
        {
            return TableException.Guard(Name, Kind, () => new Hdf5TableReader(this, columns, stream, _paths));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? "none" : string.Join(", ", all.Take(8).Select(name => TableException.Quote(name))) + (all.Length > 8 ? $" and {all.Length - 8} more" : "");
    }

    private static string List(IH5Group group) => List(group.Children().Select(child => child.Name));

    private string[] Datasets(NativeGroup group, string part)
    {
        string[] names = [.. group.Children().Where(child => child is NativeDataset).Select(child => child.Name)];
        var folder = part.Length == 0 ? "/" : $"/{part}/";
        return names.Length > 0
            ? Array.ConvertAll(names, name => folder + name)
            : throw Error($"Expected a dataset or a group of them, {TableException.Quote(folder)} holds none; there are {List(group)}.");
    }

    private void CheckMagic()
    {
        Span<byte> first = stackalloc byte[8];
        using var file = InputFile.Open(Path);

        // A block of the user's own may come first; then the magic bytes stand at 512, 1024 and so on.
        for (var offset = 0L; offset + first.Length <= file.Length; offset = offset == 0 ? 512 : 2 * offset)
        {
            file.Position = offset;
            file.ReadExactly(first);
            if (first.SequenceEqual(_magic))
                return;
        }

        throw Error($"Expected {Kind}, the first bytes are those of another kind.");
    }
}
