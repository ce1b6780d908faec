using System.Text;
using FlowCore.IO;
using NUnit.Framework;
using Parquet.Schema;
using PureHDF;
using Tables;

namespace FlowCore.Tests.Tables;

/// <summary>What is wrong with a table is said in one sentence that names the file, what was expected and what came.</summary>
[TestFixture]
internal sealed class BadTableTests
{
    private static readonly TableOptions _semicolon = new() { Delimiter = ';' };

    private static IEnumerable<TestCaseData> Tables()
    {
        yield return Case("nothing there", f => f["none.csv"], "does not exist");
        yield return Case("a folder", f => f.Path, "is a folder");
        yield return Case("no name", _ => " ", "name of a table");
        yield return Case("another extension", f => f.Text("a.xlsx", "a"), "ends in .csv");
        yield return Case("an empty file", f => f.Text("a.csv", ""), "is empty");
        yield return Case("empty lines", f => f.Text("a.csv", "\n\r\n\n"), "only empty lines");
        yield return Case("a header alone", f => f.Text("a.csv", "a,b\n"), "there are none");
        yield return Case("a short row", f => f.Text("a.csv", "a,b\n1,2\n3\n"), "Expected 2 fields in line 3, got 1");
        yield return Case("a long row", f => f.Text("a.csv", "a,b\n1,2,3\n"), "Expected 2 fields in line 2, got 3");
        yield return Case("a text column", f => f.Text("a.csv", "a,b\n1,red\n"), "a number in column 'b', line 2, got 'red'");
        yield return Case("mixed types", f => f.Text("a.csv", "a\n1\n2\nred\n"), "a number in column 'a', line 4, got 'red'");
        yield return Case("another delimiter", f => f.Text("a.csv", "a,b\n1,2\n"), "column 'a,b', line 2, got '1,2'", _semicolon);
        yield return Case("two delimiters", f => f.Text("a.csv", "1,5;2,5\n1,5;3,5\n"), "--delimiter says which");
        yield return Case("spaces", f => f.Text("a.csv", "1 2\n3 4\n"), "--delimiter \" \"");
        yield return Case("decimal commas", f => f.Text("a.csv", "a;b\n1,5;2,5\n"), "write decimal points");
        yield return Case("a quote that stays open", f => f.Text("a.csv", "a,b\n1,\"2\n3,4\n"), "a quote may not be closed");
        yield return Case("a missing number", f => f.Text("a.csv", "a,b\n1,\n"), "column 'b', line 2, got an empty field; --missing drop");
        yield return Case("a number that is not available", f => f.Text("a.csv", "a,b\n1,NA\n"), "got 'NA'; --missing drop");
        yield return Case("NaN in text", f => f.Text("a.csv", "a,b\n1,nan\n"), "got 'nan'");
        yield return Case("infinity in text", f => f.Text("a.csv", "a,b\n1,Infinity\n"), "a finite number of double precision in column 'b', line 2");
        yield return Case("too large a number", f => f.Text("a.csv", "a,b\n1,1e999\n"), "got '1e999'");
        yield return Case("too large a whole number", f => f.Text("a.csv", "a,b\n1,9007199254740993\n"), "whole numbers up to 2^53");
        yield return Case("one name twice", f => f.Text("a.csv", "a,b,a\n1,2,3\n"), "'a' is that of columns 1 and 3");
        yield return Case("UTF-16", f => f.Bytes("a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n1,2\n")]), "got UTF-16");
        yield return Case("null characters", f => f.Bytes("a.csv", "a,b\n1,\0\n"u8.ToArray()), "null characters");
        yield return Case("bytes of another encoding", f => f.Bytes("a.csv", [.. "a,b\n1,"u8, 0xFF, (byte)'\n']), "a text file of rows in UTF-8");
        yield return Case("three dimensions of .npy", f => f.Npy("a.npy", [1, 1, 1], 1.0), "got one of 3 dimensions");
        yield return Case("no rows of .npy", f => f.Npy("a.npy", [0, 2], Array.Empty<double>()), "at least one row");
        yield return Case("NaN in .npy", f => f.Npy("a.npy", [2], 1, double.NaN), "column 'x0', row 2, counted from 1, got none");
        yield return Case("infinity in .npy", f => f.Npy("a.npy", [2], 1, double.NegativeInfinity), "Expected finite numbers in column 'x0'");
        yield return Case("whole numbers that are rounded", f => f.Npy("a.npy", [1], (1L << 53) + 1), "2^53");
        yield return Case("objects in .npy", f => f.Bytes("a.npy", Objects()), "a.npy");
        yield return Case("a truncated .npy", f => f.Bytes("a.npy", File.ReadAllBytes(f.Npy("b.npy", [2], 1.0, 2.0))[..^3]), "Expected 16 bytes of data");
        yield return Case("no such array", f => f.Npz("a.npz", Vector("u", 1, 2)) + ":v", "got 'v'; there are 'u'");
        yield return Case("arrays of two lengths", f => f.Npz("a.npz", Vector("u", 1, 2), Vector("v", 1)), "arrays of one length");
        yield return Case("arrays of two shapes", f => f.Npz("a.npz", Vector("u", 1), TensorData.Create<double>("m", [1, 1], [1])), "one array behind a colon");
        yield return Case("a damaged .npz", f => f.Text("a.npz", "PK and so on"), "a.npz");
        yield return Case("a truncated Parquet file", f => f.Bytes("a.parquet", File.ReadAllBytes(f.Pairs("b.parquet", 5))[..^9]), "truncated");
        yield return Case("no Parquet file", f => f.Text("a.parquet", "a,b\n1,2\n3,4\n"), "bytes are those of another kind");
        yield return Case("an encrypted Parquet file", f => f.Bytes("a.parquet", [.. "PARE"u8, 0, 0, 0, 0, .. "PARE"u8]), "encrypted");
        yield return Case("a damaged Parquet file", f => f.Bytes("a.parquet", Damaged(f.Pairs("b.parquet", 5))), "a.parquet: Expected a Parquet file");
        yield return Case("text in Parquet", f => f.ParquetText("a.parquet", "red"), "column 'word', got text");
        yield return Case("lists in Parquet", f => f.ParquetList("a.parquet"), "column 'many', got lists");
        yield return Case("decimals in Parquet", f => f.Parquet<decimal>("a.parquet", new DecimalDataField("d", 9, 2), 1m), "got decimal numbers");
        yield return Case("times in Parquet", f => f.Parquet<DateTime>("a.parquet", new DataField("t", typeof(DateTime), isNullable: false), DateTime.UnixEpoch), "got the type DateTime");
        yield return Case("nulls in Parquet", f => f.Parquet<int>("a.parquet", new DataField("n", typeof(int), isNullable: true), 1, null), "column 'n', row 2, counted from 1, got none");
        yield return Case("rounded numbers in Parquet", f => f.Parquet<long>("a.parquet", new DataField("n", typeof(long), isNullable: false), (1L << 53) + 1), "2^53 in column 'n'");
        yield return Case("row groups beyond the limit", f => f.Pairs("a.parquet", 5000), "--memory", new TableOptions { MemoryLimit = 1 << 16 });
        yield return Case("rounded numbers behind nulls", f => f.Parquet<long>("a.parquet", new DataField("n", typeof(long), isNullable: true), 1, null, (1L << 53) + 1), "column 'n', row 3, counted from 1, got 9007199254740993", new TableOptions { Missing = MissingValues.Drop });
        yield return Case("infinity behind rows that are left out", f => f.Npy("a.npy", [3], 1, double.NaN, double.PositiveInfinity), "column 'x0', row 3, counted from 1", new TableOptions { Missing = MissingValues.Drop });
        yield return Case("a compressed text file", f => f.Bytes("a.csv.gz", 0x1F, 0x8B, 8, 0), "unpack it first");
        yield return Case("a compressed text file of another name", f => f.Bytes("a.csv", 0x1F, 0x8B, 8, 1), "unpack it first");
        yield return Case("compound types of HDF5", f => f.Hdf5("a.h5", new H5File { ["x"] = new[] { new Point { X = 1, Y = 2 } } }) + ":/x", "got a compound type: write its members");
        yield return Case("no HDF5 file", f => f.Text("a.h5", "a,b\n1,2\n3,4\n"), "bytes are those of another kind");
        yield return Case("a truncated HDF5 file", f => f.Bytes("a.h5", File.ReadAllBytes(f.Hdf5("b.h5", new H5File { ["x"] = new double[] { 1, 2 } }))[..60]), "a.h5: Expected an HDF5 file");
        yield return Case("no such path", f => f.Hdf5("a.h5", new H5File { ["x"] = new double[] { 1, 2 } }) + ":/y", "got 'y'; there are 'x'");
        yield return Case("a group without datasets", f => f.Hdf5("a.h5", new H5File { ["g"] = new H5Group { ["h"] = new H5Group() } }) + ":/g", "holds none; there are 'h'");
        yield return Case("three dimensions of HDF5", f => f.Hdf5("a.h5", new H5File { ["x"] = new double[1, 2, 3] }) + ":/x", "got one of 3 dimensions ('/x')");
        yield return Case("text in HDF5", f => f.Hdf5("a.h5", new H5File { ["x"] = new[] { "red" } }) + ":/x", "Expected numbers, got text");
        yield return Case("datasets of two lengths", f => f.Hdf5("a.h5", new H5File { ["x"] = new double[] { 1, 2 }, ["y"] = new double[] { 1 } }), "datasets of one length");
        yield return Case("links in a circle", f => f.Hdf5("a.h5", new H5File { ["x"] = new H5SoftLink("/y"), ["y"] = new H5SoftLink("/x") }) + ":/x", "leads nowhere or in a circle");
        yield return Case("links in a circle beside each other", f => f.Hdf5("a.h5", new H5File { ["x"] = new H5SoftLink("y"), ["y"] = new H5SoftLink("x") }) + ":/x", "leads nowhere or in a circle");
        yield return Case("links in a circle in a group", f => f.Hdf5("a.h5", new H5File { ["x"] = new H5SoftLink("y"), ["y"] = new H5SoftLink("x"), ["z"] = new double[] { 1 } }), "in a circle");
        yield return Case("a link to nothing", f => f.Hdf5("a.h5", new H5File { ["x"] = new H5SoftLink("/gone") }) + ":/x", "leads nowhere");
        yield return Case("infinity in HDF5", f => f.Hdf5("a.h5", new H5File { ["x"] = new[] { 1, float.PositiveInfinity } }), "Expected finite numbers in column 'x'");
    }

    [TestCaseSource(nameof(Tables))]
    public void One_sentence_names_the_file_and_what_is_expected(Func<object, string> make, string part, TableOptions? options)
    {
        using var folder = new TableFolder();
        var path = make(folder);
        var error = Assert.Throws(Is.InstanceOf<IOException>(), () => ReadAll(path, options));
        Assert.Multiple(() =>
        {
            Assert.That(error!.Message, Does.Contain(part));
            Assert.That(error.Message, Does.EndWith(".").Or.EndsWith("?"));
            Assert.That(error.Message, Does.Not.Contain("\n"));
            if (!string.IsNullOrWhiteSpace(path))
                Assert.That(error.Message, Does.Contain(path));
        });
    }

    [Test]
    public void An_unknown_column_is_answered_with_the_one_that_is_meant()
    {
        using var folder = new TableFolder();
        using var table = Table.Open(folder.Text("a.csv", "Energy,time_ns\n1,2\n"));
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<TableException>(() => table.IndexOf("energy"))!.Message, Does.EndWith("did you mean 'Energy'?"));
            Assert.That(Assert.Throws<TableException>(() => table.IndexOf("mass"))!.Message, Does.EndWith("there are 'Energy', 'time_ns'."));
        });
    }

    [Test]
    public void A_file_that_changes_while_it_is_read_is_an_error()
    {
        using var folder = new TableFolder();
        using var table = Table.Open(folder.Text("a.csv", "a\n1\n2\n"));
        using var reader = table.Read([0]);
        _ = reader.Next(new double[1]);
        File.AppendAllText(folder["a.csv"], "3\n");
        Assert.That(() => ReadRest(reader), Throws.TypeOf<TableException>().With.Message.Contains("changed"));
    }

    [Test]
    public void A_row_without_end_takes_no_more_than_its_share_of_memory()
    {
        using var folder = new TableFolder();
        using (var text = new StreamWriter(folder["a.csv"]))
        {
            text.Write("a,b\n1,2\n3,\"");
            for (var i = 0; i < 3_000_000; i++)
                text.Write("1,2,3,4,5\n");
        }

        Assert.That(() => ReadAll(folder["a.csv"], null), Throws.TypeOf<TableException>().With.Message.Contains("a quote may not be closed"));
    }

    [Test]
    public void A_number_beyond_single_precision_is_no_infinity()
    {
        using var folder = new TableFolder();
        using var table = Table.Open(folder.Text("a.csv", "a\n1e300\n"));
        using var reader = table.Read([0]);
        Assert.That(() => reader.Next(new float[1]), Throws.TypeOf<TableException>().With.Message.Contains("single precision in column 'a', line 2, got 1e+300"));
    }

    [Test]
    public void The_line_of_a_number_is_its_own_behind_empty_lines_quoted_ends_of_lines_and_rows_that_are_left_out()
    {
        using var folder = new TableFolder();
        var path = folder.Text("a.csv", "name,a\r\n\"x\r\ny\",1\r\n\r\nz,\r\nz,1e300\r\n");
        using var table = Table.Open(path, new TableOptions { Missing = MissingValues.Drop });
        using var reader = table.Read([1]);
        Assert.That(() => reader.Next(new float[10]), Throws.TypeOf<TableException>().With.Message.Contains("column 'a', line 6, got"));
    }

    private struct Point
    {
        public double X;
        public double Y;
    }

    private static TestCaseData Case(string name, Func<TableFolder, string> make, string part, TableOptions? options = null) =>
        new TestCaseData((Func<object, string>)(folder => make((TableFolder)folder)), part, options).SetArgDisplayNames(name);

    private static void ReadAll(string path, TableOptions? options)
    {
        using var table = Table.Open(path, options);
        using var reader = table.Read();
        ReadRest(reader);
    }

    private static void ReadRest(TableReader reader)
    {
        var block = new double[reader.ColumnCount * 100];
        while (reader.Next(block) > 0)
        {
        }
    }

    private static TensorData Vector(string name, params double[] values) => TensorData.Create<double>(name, [values.Length], values);

    private static byte[] Objects()
    {
        var text = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.Latin1.GetBytes(text), 1, 2, 3];
    }

    private static byte[] Damaged(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var i = 10; i < 30; i++)
            bytes[i] ^= 0x5A;
        return bytes;
    }
}
