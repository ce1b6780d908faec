using System.IO.Compression;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class NpzFileTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Arrays_come_back_in_order(bool compress)
    {
        using var folder = new TemporaryFolder();
        TensorArchive archive = new(SampleTensors.OfEveryNpyType());
        NpzFile.Write(folder.File("a.npz"), archive, compress);

        SampleTensors.AssertSame(NpzFile.Read(folder.File("a.npz")), archive);
        SampleTensors.AssertSame(NpzFile.Read(folder.File("a.npz"), "u8"), archive["u8"]);
        Assert.That(NpzFile.ReadNames(folder.File("a.npz")), Is.EqualTo(archive.Select(t => t.Name)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Equal_archives_give_equal_bytes(bool compress)
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder.File("a.npz"), new TensorArchive(SampleTensors.OfEveryNpyType()), compress);
        NpzFile.Write(folder.File("b.npz"), new TensorArchive(SampleTensors.OfEveryNpyType()), compress);

        Assert.That(File.ReadAllBytes(folder.File("b.npz")), Is.EqualTo(File.ReadAllBytes(folder.File("a.npz"))));
    }

    [TestCase(CompressionLevel.NoCompression)]
    [TestCase(CompressionLevel.Optimal)]
    public void Archives_of_other_writers_are_read(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        var tensors = SampleTensors.OfEveryNpyType();
        WriteElsewhere(folder.File("a.npz"), level, tensors);

        SampleTensors.AssertSame(NpzFile.Read(folder.File("a.npz")), new TensorArchive(tensors));
    }

    [Test]
    public void Names_that_look_like_paths_are_only_names()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["../up", "/etc/passwd", "a/../../b", "C:\\x", "..", "a//b"];
        NpzFile.Write(
            folder.File("a.npz"), new TensorArchive(names.Select(n => TensorData.Create<byte>(n, [1], [7]))));

        Assert.That(NpzFile.Read(folder.File("a.npz")).Select(t => t.Name), Is.EqualTo(names));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "a.npz" }));
    }

    [Test]
    public void A_small_file_that_unpacks_to_much_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bomb.npz");
        NpzFile.Write(
            path, new TensorArchive([TensorData.Create<byte>("zeros", [1 << 20], new byte[1 << 20])]), compress: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new FileInfo(path).Length, Is.LessThan(1 << 12));
            Assert.That(
                () => NpzFile.Read(path, maximumBytes: 1 << 20),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("at most 1048576 bytes"));
            Assert.That(
                () => NpzFile.Read(path, "zeros", maximumBytes: 1 << 20),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("at most 1048576 bytes"));
            Assert.That(NpzFile.Read(path)["zeros"].Count, Is.EqualTo(1 << 20));
        }
    }

    [Test]
    public void Without_a_limit_of_the_caller_64_MiB_and_sixteen_times_the_file_are_the_limit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.npz");
        File.WriteAllBytes(path, Lying(1 << 20, (256 << 20) + 1));

        Assert.That(
            () => NpzFile.Read(path),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains($"at most {(64 << 20) + (16 * new FileInfo(path).Length)} bytes"));
    }

    [Test]
    public void An_entry_that_unpacks_to_more_or_less_than_it_says_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.npz");
        File.WriteAllBytes(path, Lying(4 << 20, 1000));
        Assert.That(
            () => NpzFile.Read(path), Throws.TypeOf<ModelFormatException>().With.Message.Contains("there are more"));

        File.WriteAllBytes(path, Lying(1000, 60 << 20));
        Assert.That(
            () => NpzFile.Read(path),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("Expected 62914560 bytes in 'x.npy', there are"));
    }

    [Test]
    public void A_header_that_disagrees_with_its_entry_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
        {
            var path = folder.File($"{level}.npz");
            var entry = NpyFileTests.File("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000,)}", new byte[8]);
            WriteElsewhere(path, level, ("x.npy", entry));
            Assert.That(
                () => NpzFile.Read(path),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("tensor 'x': Expected 80000000000 bytes"));
        }
    }

    [Test]
    public void Entries_that_are_not_arrays_are_refused()
    {
        using var folder = new TemporaryFolder();
        WriteElsewhere(folder.File("a.npz"), CompressionLevel.Optimal, ("readme.txt", [1, 2, 3]));
        WriteElsewhere(folder.File("b.npz"), CompressionLevel.Optimal, ("x.npy", [1, 2, 3]));

        Assert.That(
            () => NpzFile.Read(folder.File("a.npz")),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("got 'readme.txt'"));
        Assert.That(
            () => NpzFile.Read(folder.File("b.npz")),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("tensor 'x': Expected the .npy magic string"));
    }

    [Test]
    public void A_missing_array_is_named()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder.File("a.npz"), new TensorArchive([TensorData.Create<byte>("x", [1], [7])]));

        Assert.That(
            () => NpzFile.Read(folder.File("a.npz"), "y"),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("tensor 'y': Expected an array of this name"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Rows_are_read_in_blocks(bool compress)
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 30_000).Select(i => (float)i)];
        NpzFile.Write(
            folder.File("a.npz"),
            new TensorArchive([TensorData.Create<byte>("x", [1], [7]), TensorData.Create<float>("rows", [10_000, 3], values)]),
            compress);

        using var reader = new NpyReader(folder.File("a.npz"), "rows");
        var read = new List<float>();
        var block = new float[3 * 777];
        for (int rows; (rows = reader.ReadRows<float>(block)) > 0;)
            read.AddRange(block[..(3 * rows)]);

        Assert.That(read.SequenceEqual(values), Is.True);
        foreach (var row in new long[] { 9_999, 17, 18, 5_000, 0 })
        {
            reader.Row = row;
            Assert.That(reader.ReadRows(block.AsSpan(0, 3)), Is.EqualTo(1));
            Assert.That(block[0], Is.EqualTo(3 * row));
        }
    }

    [Test]
    public void Damage_in_a_deflated_array_is_seen_with_its_last_row()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(
            folder.File("a.npz"), new TensorArchive([TensorData.Create<byte>("x", [100], new byte[100])]), compress: true);
        var bytes = File.ReadAllBytes(folder.File("a.npz"));
        var checksum = BitConverter.ToUInt32(bytes, 14);
        BitConverter.GetBytes(checksum + 1).CopyTo(bytes, 14);
        BitConverter.GetBytes(checksum + 1).CopyTo(bytes, bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 16);
        File.WriteAllBytes(folder.File("a.npz"), bytes);
        using var reader = new NpyReader(folder.File("a.npz"), "x");

        Assert.That(reader.ReadRows<byte>(new byte[99]), Is.EqualTo(99));
        Assert.That(
            () => reader.ReadRows<byte>(new byte[99]),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("the data is damaged"));
    }

    [Test]
    public void Deflated_Fortran_order_has_no_rows_to_stream()
    {
        using var folder = new TemporaryFolder();
        var entry = NpyFileTests.File("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}", [1, 2, 3, 4]);
        WriteElsewhere(folder.File("a.npz"), CompressionLevel.Optimal, ("x.npy", entry));

        Assert.That(
            () => new NpyReader(folder.File("a.npz"), "x"),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("tensor 'x': Expected C order"));
        Assert.That(NpzFile.Read(folder.File("a.npz"), "x").ToArray<byte>(), Is.EqualTo(new[] { 1, 3, 2, 4 }));
    }

    [Test]
    public void A_name_that_comes_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        var entry = NpyFileTests.File("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", [1]);
        WriteElsewhere(folder.File("a.npz"), CompressionLevel.Optimal, ("x.npy", entry), ("x.npy", entry));

        Assert.That(
            () => NpzFile.Read(folder.File("a.npz")),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("'x.npy' comes twice"));
    }

    /// <summary>An archive with one deflated array of bytes whose directory and array header claim another size.</summary>
    private static byte[] Lying(int actual, int claimed)
    {
        const int HeaderLength = 100;
        var text = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({claimed - HeaderLength},)}}";
        var header = NpyFileTests.File(text.PadRight(HeaderLength - 10), []);
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: true, alignment: 1);
        zip.Add("x.npy", header, new byte[actual - HeaderLength]);
        zip.Complete();
        var bytes = stream.ToArray();
        var claim = BitConverter.GetBytes(claimed);

        // The uncompressed length lies 22 bytes into the local header, which is first, and 24 into the directory's entry.
        claim.CopyTo(bytes, 22);
        claim.CopyTo(bytes, bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24);
        return bytes;
    }

    internal static void WriteElsewhere(string path, CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((var name, var bytes) in entries)
        {
            using var entry = zip.CreateEntry(name, level).Open();
            entry.Write(bytes);
        }
    }

    private static void WriteElsewhere(string path, CompressionLevel level, TensorData[] tensors) =>
        WriteElsewhere(
            path,
            level,
            [
                .. tensors.Select(t =>
                {
                    var stream = new MemoryStream();
                    NpyFile.Write(stream, t);
                    return ($"{t.Name}.npy", stream.ToArray());
                }),
            ]);
}
