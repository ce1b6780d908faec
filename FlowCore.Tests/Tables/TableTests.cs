using FlowCore.IO;
using NUnit.Framework;
using Parquet.Schema;
using PureHDF;
using Tables;

namespace FlowCore.Tests.Tables;

[TestFixture]
internal sealed class TableTests
{
    [Test]
    public void What_is_written_is_read_back_with_its_names(
        [Values(".csv", ".tsv", ".npy", ".npz", ".parquet")] string extension, [Values] bool isSingle)
    {
        using var folder = new TableFolder();
        double[] numbers = [0.1, -2, 3e-300, double.MaxValue, 5, 1.0 / 3];
        float[] singles = [0.1f, -2, 3e-30f, float.MaxValue, 5, 1.0f / 3];
        using (var writer = TableWriter.Create(folder["t" + extension], ["α", "b, \"c\""], isSingle))
        {
            if (isSingle)
                writer.Write(singles);
            else
                writer.Write(numbers);
            Assert.That(File.Exists(folder["t" + extension]), Is.False);
            writer.Complete();
            Assert.That(writer.RowCount, Is.EqualTo(3));
        }

        using var table = Table.Open(folder["t" + extension]);
        var read = All(table);
        Assert.Multiple(() =>
        {
            Assert.That(table.Columns, Is.EqualTo(extension == ".npy" ? ["x0", "x1"] : new[] { "α", "b, \"c\"" }));
            Assert.That(table.RowCount, Is.EqualTo(3));
            Assert.That(isSingle ? [.. read.Select(value => (float)value)] : read, isSingle ? Is.EqualTo(singles) : Is.EqualTo(numbers));
            Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void Blocks_of_any_size_and_columns_in_any_order_give_the_same_rows(
        [Values(".csv", ".npy", ".npz", ".parquet", ".h5")] string extension, [Values(1, 7, 1000)] int blockRows)
    {
        using var folder = new TableFolder();
        const int Rows = 2003;
        var path = extension == ".h5" ? folder.Hdf5("t.h5", Pairs(Rows)) : folder.Pairs("t" + extension, Rows);
        using var table = Table.Open(path);
        using var reader = table.Read([1, 0, 1]);
        var block = new double[3 * blockRows];
        var row = 0;
        for (int rows; (rows = reader.Next(block)) > 0;)
        {
            for (var i = 0; i < rows; i++, row++)
                Assert.That(block[(3 * i)..(3 * (i + 1))], Is.EqualTo(new[] { -0.5 * row, row, -0.5 * row }));
        }

        Assert.That(row, Is.EqualTo(Rows));
    }

    [Test]
    public void Writing_that_is_given_up_leaves_what_was_there([Values(".csv", ".npy", ".npz", ".parquet")] string extension)
    {
        using var folder = new TableFolder();
        var path = folder.Pairs("t" + extension, 3);
        var before = File.ReadAllBytes(path);
        using (var writer = TableWriter.Create(path, ["z"]))
            writer.Write([1.0, 2.0]);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
            Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void Rows_with_a_missing_number_can_be_left_out_and_are_counted()
    {
        using var folder = new TableFolder();
        var options = new TableOptions { Missing = MissingValues.Drop };
        string[] paths =
        [
            folder.Text("a.csv", "a\n1\nNA\n3\n\"\"\n"),
            folder.Npy("a.npy", [4], 1, double.NaN, 3, double.NaN),
            folder.Parquet<double>("a.parquet", new DataField("a", typeof(double), isNullable: true), 1, null, 3, double.NaN),
            folder.Hdf5("a.h5", new H5File { ["a"] = new[] { 1, double.NaN, 3, double.NaN } }),
        ];
        foreach (var path in paths)
        {
            using var table = Table.Open(path, options);
            using var reader = table.Read([0]);
            var block = new double[10];
            Assert.Multiple(() =>
            {
                Assert.That(reader.Next(block), Is.EqualTo(2), path);
                Assert.That(block[..2], Is.EqualTo(new double[] { 1, 3 }), path);
                Assert.That((reader.DroppedRows, reader.RowsRead), Is.EqualTo((2L, 4L)), path);
            });
        }
    }

    [TestCase("a;b\n1;2\n", null, "separated by ';'")]
    [TestCase("a\tb\n1\t2\n", null, "separated by tabs")]
    [TestCase("a|b\n1|2\n", null, "separated by '|'")]
    [TestCase("a,b\n1,2\n", null, null)]
    [TestCase("a;b\n1;2\n", ';', null)]
    [TestCase("\"a\",\"b\"\r\n\"1\", 2 \r\n\r\n", null, null)]
    [TestCase("\uFEFFa,b\n1,2", null, null)]
    [TestCase("1,2\n", null, "first line holds numbers")]
    public void A_text_file_is_read_whatever_separates_its_fields_and_what_was_guessed_is_said(string text, char? delimiter, string? note)
    {
        using var folder = new TableFolder();
        using var table = Table.Open(folder.Text("t.csv", text), new TableOptions { Delimiter = delimiter });
        Assert.Multiple(() =>
        {
            Assert.That(All(table), Is.EqualTo(new double[] { 1, 2 }));
            Assert.That(table.RowCount, Is.EqualTo(1));
            Assert.That(table.Columns, Is.EqualTo(note is not null && note.StartsWith("first", StringComparison.Ordinal) ? ["x0", "x1"] : new[] { "a", "b" }));
            Assert.That(table.Notes, note is null ? Is.Empty : Has.One.Contains(note));
        });
    }

    [Test]
    public void Columns_of_text_only_matter_where_they_are_asked_for()
    {
        using var folder = new TableFolder();
        using var table = Table.Open(folder.Text("t.csv", "name,a\nred,1\n\"a, b\",2\n"));
        using var reader = table.Read([table.IndexOf("a")]);
        var block = new double[2];
        _ = reader.Next(block);
        Assert.That(block, Is.EqualTo(new double[] { 1, 2 }));
    }

    [Test]
    public void Every_number_type_of_the_formats_is_read()
    {
        using var folder = new TableFolder();
        (string Path, double[] Expected)[] files =
        [
            (folder.Parquet<bool>("1.parquet", new DataField("a", typeof(bool), isNullable: false), true, false), [1, 0]),
            (folder.Parquet<long>("2.parquet", new DataField("a", typeof(long), isNullable: true), -(1L << 53), 7), [-(1L << 53), 7]),
            (folder.Parquet<float>("3.parquet", new DataField("a", typeof(float), isNullable: true), 0.5f, -1), [0.5, -1]),
            (folder.Parquet<short>("4.parquet", new DataField("a", typeof(short), isNullable: false), -3, 4), [-3, 4]),
            (folder.Parquet<ulong>("5.parquet", new DataField("a", typeof(ulong), isNullable: false), 3, 4), [3, 4]),
            (folder.Hdf5("1.h5", new H5File { ["a"] = new[] { -1, 2 } }), [-1, 2]),
            (folder.Hdf5("2.h5", new H5File { ["a"] = new[] { 1.5f, 2 } }), [1.5, 2]),
            (folder.Hdf5("3.h5", new H5File { ["a"] = new ulong[] { 1, 2 } }), [1, 2]),
            (folder.Hdf5("4.h5", new H5File { ["a"] = new H5Dataset(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, chunks: [1, 2]) }), [1, 2, 3, 4, 5, 6]),
            (folder.Hdf5("5.h5", new H5File { ["g"] = new H5Group { ["a"] = new[] { 1.0, 2 } }, ["l"] = new H5SoftLink("/g/a") }) + ":/l", [1, 2]),
            (folder.Npy<long>("1.npy", [2], -5, 6), [-5, 6]),
            (folder.Npy<byte>("2.npy", [1, 2], 5, 6), [5, 6]),
            (folder.Bytes("3.npy", Npy(">f8", "False", "(2,)", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0])), [1.5, -2]),
            (folder.Bytes("4.npy", Npy("<i2", "True", "(2, 2)", [1, 0, 3, 0, 2, 0, 4, 0])), [1, 2, 3, 4]),
        ];
        foreach (var (path, expected) in files)
        {
            using var table = Table.Open(path);
            Assert.That(All(table), Is.EqualTo(expected), path);
        }
    }

    [Test]
    public void A_part_is_named_behind_a_colon_and_a_file_of_that_very_name_wins()
    {
        using var folder = new TableFolder();
        var archive = folder.Npz("a.npz", TensorData.Create<double>("u", [2], [1, 2]), TensorData.Create<double>("m", [1, 2], [3, 4]));
        using (var vector = Table.Open(archive + ":u"))
            Assert.That((vector.Columns[0], All(vector)[1]), Is.EqualTo(("u", 2.0)));
        using (var matrix = Table.Open(archive + ":m"))
            Assert.That((matrix.Columns[1], All(matrix)[1]), Is.EqualTo(("x1", 4.0)));
        if (OperatingSystem.IsWindows())
            return;
        using var whole = Table.Open(folder.Npy("a.npz:v.npy", [1], 9.0));
        Assert.That(All(whole), Is.EqualTo(new[] { 9.0 }));
    }

    [Test]
    public void Data_of_another_file_is_not_reached_by_an_external_link()
    {
        using var folder = new TableFolder();
        var outside = folder.Hdf5("outside.h5", new H5File { ["x"] = new double[] { 1, 2 } });

        // A soft link whose text is laid out as that of an external one, and the byte of its kind changed: 1 soft, 64 external.
        var path = folder.Hdf5("a.h5", new H5File { ["link"] = new H5SoftLink($"\0{outside}\0/x\0") });
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf("link"u8);
        var kind = Array.LastIndexOf(bytes, (byte)1, at);
        Assert.That(at - kind, Is.LessThan(16), "The kind of the link stands a few bytes before its name.");
        bytes[kind] = 64;
        File.WriteAllBytes(path, bytes);
        Assert.That(() => Table.Open(path + ":/link"), Throws.TypeOf<TableException>().With.Message.Contains("a.h5"));
    }

    private static byte[] Npy(string type, string isFortran, string shape, byte[] numbers)
    {
        var text = $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. System.Text.Encoding.Latin1.GetBytes(text), .. numbers];
    }

    private static H5File Pairs(int rows) => new()
    {
        ["a"] = new H5Dataset(Array.ConvertAll([.. Enumerable.Range(0, rows)], row => (float)row), chunks: [100]),
        ["b"] = Array.ConvertAll([.. Enumerable.Range(0, rows)], row => -0.5 * row),
    };

    private static double[] All(Table table)
    {
        using var reader = table.Read();
        var numbers = new List<double>();
        var block = new double[reader.ColumnCount * 10];
        for (int rows; (rows = reader.Next(block)) > 0;)
            numbers.AddRange(block.AsSpan(0, rows * reader.ColumnCount));
        return [.. numbers];
    }
}
