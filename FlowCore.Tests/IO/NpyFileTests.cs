using System.Text;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class NpyFileTests
{
    [Test]
    public void Every_type_comes_back()
    {
        using var folder = new TemporaryFolder();
        foreach (var tensor in SampleTensors.OfEveryNpyType())
        {
            NpyFile.Write(folder.File("x.npy"), tensor);
            SampleTensors.AssertSame(NpyFile.Read(folder.File("x.npy")), tensor.Rename("x"));
        }
    }

    [Test]
    public void The_header_is_the_one_that_numpy_writes()
    {
        var stream = new MemoryStream();
        NpyFile.Write(stream, TensorData.Create<float>("x", [2, 1], [1, 2]));

        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
        byte[] expected = [.. Prefix(1, 118), .. Encoding.ASCII.GetBytes(header.PadRight(117) + "\n")];
        Assert.That(stream.ToArray()[..128], Is.EqualTo(expected));
        Assert.That(stream.Length, Is.EqualTo(136));
    }

    [TestCase("()", new long[0])]
    [TestCase("(3,)", new long[] { 3 })]
    [TestCase("(0, 2)", new long[] { 0, 2 })]
    [TestCase("(1,2, 3 )", new long[] { 1, 2, 3 })]
    [TestCase("(2L, 3L)", new long[] { 2, 3 })]
    public void Shapes_are_read(string text, long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        var file = File($"{{'shape': {text}, 'fortran_order': False, 'descr': '|u1'}}", new byte[count]);

        Assert.That(NpyFile.Read(new MemoryStream(file), "x").Shape.ToArray(), Is.EqualTo(shape));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void All_versions_are_read(int version)
    {
        var file = File("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }  \n", [1, 0, 255, 255], version);

        Assert.That(NpyFile.Read(new MemoryStream(file), "x").ToArray<long>(), Is.EqualTo(new long[] { 1, -1 }));
        Assert.That(NpyFile.Read(new Trickle(file), "x").ToArray<long>(), Is.EqualTo(new long[] { 1, -1 }));
    }

    [Test]
    public void Big_endian_is_read()
    {
        var file = File("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", [0x40, 0x09, 0x21, 0xFB, 0x54, 0x44, 0x2D, 0x18]);

        Assert.That(NpyFile.Read(new MemoryStream(file), "x").ToArray<double>(), Is.EqualTo(new[] { Math.PI }));
    }

    [Test]
    public void Fortran_order_is_read_into_C_order()
    {
        // The element at (i, j, k) of shape [2, 3, 2] has the value 100 i + 10 j + k; the first index runs fastest.
        var data = new List<byte>();
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var i = 0; i < 2; i++)
                    data.AddRange([(byte)((100 * i) + (10 * j) + k), 0]);
            }
        }

        var file = File("{'descr': '<u2', 'fortran_order': True, 'shape': (2, 3, 2), }", [.. data]);
        long[] expected = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121];

        Assert.That(NpyFile.Read(new MemoryStream(file), "x").ToArray<long>(), Is.EqualTo(expected));
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder.File("f.npy"), file);
        using var reader = new NpyReader(folder.File("f.npy"));
        var rows = new float[12];
        Assert.That(reader.ReadRows(rows.AsSpan(0, 11)), Is.EqualTo(1));
        Assert.That(reader.ReadRows(rows.AsSpan(6)), Is.EqualTo(1));
        Assert.That(rows, Is.EqualTo(expected));
    }

    [TestCase("{'descr': 'O', 'fortran_order': False, 'shape': (1,), }", "got 'O'")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "got '|O'")]
    [TestCase("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "got '<c8'")]
    [TestCase("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }", "got '<U3'")]
    [TestCase("{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }", "got '|f4'")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "True or False")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1), }", "a number in parentheses")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1), }", "commas")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "dimensions from 0")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (,), }", "dimensions from 0")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "dimensions from 0")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "63 bits")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (10000000000,), }", "Expected 40000000000 bytes of data")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "Expected 8 bytes of data")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }", "Expected 0 bytes of data")]
    [TestCase("{'descr': '<f4', 'fortran_order': False}", "'shape' in the header, it is missing")]
    [TestCase("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "'descr' once")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "got 'x'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "there is more")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)\0}", "Expected '}'")]
    [TestCase("{'descr': '<f4'", "Expected '}'")]
    [TestCase("{'descr", "a key without escapes")]
    [TestCase("", "Expected '{'")]
    public void A_bad_header_is_refused_with_the_reason(string header, string reason)
    {
        Assert.That(
            () => NpyFile.Read(new MemoryStream(File(header, new byte[4])), "x"),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(reason).And.Message.EndsWith("."));
        Assert.That(
            () => NpyFile.Read(new Trickle(File(header, new byte[4])), "x"), Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void A_wrong_start_is_refused_with_the_reason()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => NpyFile.Read(new MemoryStream("PK\u0003\u0004 and more"u8.ToArray()), "x"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("magic string"));
            Assert.That(
                () => NpyFile.Read(new MemoryStream(File("{}", [], 4)), "x"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("got 4.0"));
            Assert.That(
                () => NpyFile.Read(new MemoryStream([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]), "x"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("its length says"));
            Assert.That(
                () => NpyFile.Read(new MemoryStream(Prefix(1, 60)), "x"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("the file is shorter"));
        }
    }

    [Test]
    public void BFloat16_cannot_be_written()
    {
        Assert.That(
            () => NpyFile.Write(new MemoryStream(), TensorData.CreateBFloat16("b", [1], [1])),
            Throws.ArgumentException.With.Message.Contains("BFloat16"));
    }

    [Test]
    public void Rows_written_in_blocks_are_read_in_blocks_of_another_size()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("rows.npy");
        var all = new float[1000 * 3];
        for (var i = 0; i < all.Length; i++)
            all[i] = i;

        using (var writer = new NpyWriter(path, ElementType.Float32, [3]))
        {
            for (var row = 0; row < 1000; row += 125)
                writer.WriteRows<float>(all.AsSpan(row * 3, 375));

            Assert.That(System.IO.File.Exists(path), Is.False, "The name appears with the whole file.");
            writer.Complete();
        }

        Assert.That(NpyFile.Read(path).ToArray<float>(), Is.EqualTo(all));
        using var reader = new NpyReader(path);
        Assert.That(reader.Shape.ToArray(), Is.EqualTo(new long[] { 1000, 3 }));
        var read = new List<double>();
        var block = new double[(7 * 3) + 2];
        for (int rows; (rows = reader.ReadRows<double>(block)) > 0;)
        {
            Assert.That(rows, Is.EqualTo(Math.Min(7, 1000 - (read.Count / 3))));
            read.AddRange(block[..(rows * 3)]);
        }

        Assert.That(read, Is.EqualTo(all));
        reader.Row = 998;
        Assert.That(reader.ReadRows<double>(block), Is.EqualTo(2));
        Assert.That(block[0], Is.EqualTo(998 * 3));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "rows.npy" }));
    }

    [Test]
    public void A_writer_that_is_not_completed_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("rows.npy");
        System.IO.File.WriteAllText(path, "old");
        using (var writer = new NpyWriter(path, ElementType.Int64, []))
            writer.WriteRows<long>([1, 2, 3]);

        Assert.That(System.IO.File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "rows.npy" }));
    }

    [Test]
    public void A_writer_takes_whole_rows_of_its_type()
    {
        using var folder = new TemporaryFolder();
        using var writer = new NpyWriter(folder.File("rows.npy"), ElementType.Float64, [2, 2]);

        Assert.That(() => writer.WriteRows<float>(new float[4]), Throws.ArgumentException);
        Assert.That(() => writer.WriteRows<double>(new double[6]), Throws.ArgumentException);
        writer.WriteRows<double>(new double[8]);
        Assert.That(writer.RowCount, Is.EqualTo(2));
        writer.Complete();
        Assert.That(() => writer.WriteRows<double>(new double[4]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(NpyFile.Read(folder.File("rows.npy")).Shape.ToArray(), Is.EqualTo(new long[] { 2, 2, 2 }));
    }

    [Test]
    public void A_reader_says_what_it_cannot_do()
    {
        using var folder = new TemporaryFolder();
        NpyFile.Write<double>(folder.File("scalar.npy"), [], [1.0]);
        NpyFile.Write<double>(folder.File("rows.npy"), [2, 3], new double[6]);
        using var reader = new NpyReader(folder.File("rows.npy"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new NpyReader(folder.File("scalar.npy")),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("got a scalar"));
            Assert.That(() => reader.ReadRows<double>(new double[2]), Throws.ArgumentException);
            Assert.That(() => reader.ReadRows<long>(new long[3]), Throws.InvalidOperationException);
            Assert.That(() => reader.Row = 3, Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    internal static byte[] File(string header, byte[] data, int version = 1)
    {
        var text = Encoding.Latin1.GetBytes(header);
        return [.. Prefix(version, text.Length), .. text, .. data];
    }

    private static byte[] Prefix(int version, int length) =>
        version == 1
            ? [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]
            : [0x93, .. "NUMPY"u8, (byte)version, 0, (byte)length, (byte)(length >> 8), 0, 0];
}
