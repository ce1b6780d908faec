using System.Buffers.Binary;
using System.Text;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class SafetensorsFileTests
{
    [Test]
    public void An_archive_comes_back_in_order_with_its_metadata()
    {
        using var folder = new TemporaryFolder();
        var archive = SampleTensors.Archive();
        SafetensorsFile.Write(folder.File("a.safetensors"), archive);

        SampleTensors.AssertSame(SafetensorsFile.Read(folder.File("a.safetensors")), archive);
    }

    [Test]
    public void An_empty_archive_comes_back()
    {
        var read = SafetensorsFile.Read(new MemoryStream(Bytes(new TensorArchive([]))));

        Assert.That(read, Is.Empty);
        Assert.That(read.Metadata, Is.Empty);
    }

    [Test]
    public void Equal_archives_give_equal_bytes()
    {
        var first = Bytes(SampleTensors.Archive());
        var second = Bytes(SampleTensors.Archive());

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void The_layout_is_the_published_one()
    {
        var bytes = Bytes(new TensorArchive(
            [TensorData.Create<bool>("b", [1], [true]), TensorData.Create<float>("a", [2], [1, 2])], [new("k", "v")]));

        var header = "{\"__metadata__\":{\"k\":\"v\"},\"b\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[8,9]}," +
            "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.That(bytes, Is.EqualTo(File(header, [0, 0, 128, 63, 0, 0, 0, 64, 1])));
    }

    [Test]
    public void Data_is_aligned_to_the_element_size_and_the_header_to_8_bytes()
    {
        var bytes = Bytes(SampleTensors.Archive());
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, (int)headerLength);

        Assert.That(headerLength % 8, Is.Zero);
        Assert.That(header, Does.Contain("\"u64\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[8,16]}"));
        Assert.That(header, Does.Contain("\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":["));
    }

    [Test]
    public void A_stream_that_cannot_seek_is_read()
    {
        var large = Bytes(new TensorArchive([TensorData.Create<byte>("x", [3_000_001], new byte[3_000_001])]));

        Assert.That(SafetensorsFile.Read(new Trickle(large))["x"].Count, Is.EqualTo(3_000_001));
    }

    [Test]
    public void Layouts_of_other_writers_are_read()
    {
        // Spaces in the JSON, keys and data in another order, and escapes.
        var file = File(
            "{ \"x\\u0079\" : { \"data_offsets\" : [ 4 , 8 ] , \"shape\" : [ ] , \"dtype\" : \"I32\" } ,\n" +
            " \"e\" : { \"dtype\" : \"F64\", \"shape\" : [ 0, 7 ], \"data_offsets\" : [ 4, 4 ] }," +
            " \"z\" : { \"dtype\" : \"F32\", \"shape\" : [ 1 ], \"data_offsets\" : [ 0, 4 ] } }   ",
            [0, 0, 128, 63, 7, 0, 0, 0]);

        var read = SafetensorsFile.Read(new MemoryStream(file));

        Assert.That(read.Select(t => t.Name), Is.EqualTo(new[] { "xy", "e", "z" }));
        Assert.That(read["xy"].ToArray<int>(), Is.EqualTo(new[] { 7 }));
        Assert.That(read["z"].ToArray<float>(), Is.EqualTo(new[] { 1f }));
    }

    [TestCase("F8_E4M3")]
    [TestCase("C64")]
    public void A_tensor_of_a_type_that_is_not_known_is_noted_and_the_others_are_read(string type)
    {
        var header = $"{{\"odd\":{{\"dtype\":\"{type}\",\"shape\":[3],\"data_offsets\":[0,3]}},\"w\":{{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[3,4]}}}}";
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), 1, 2, 3, 9];
        var read = SafetensorsFile.Read(new MemoryStream(file));
        Assert.That(read.Select(tensor => tensor.Name), Is.EqualTo(new[] { "w" }));
        Assert.That(read["w"].ToArray<int>(), Is.EqualTo(new[] { 9 }));
        Assert.That(read.Unread, Is.EqualTo(new Dictionary<string, string> { ["odd"] = $"a tensor of '{type}'" }));
    }

    private static IEnumerable<TestCaseData> BadHeaders()
    {
        yield return new("", 0, "starts at its first byte");
        yield return new("[]", 0, "starts at its first byte");
        yield return new(" {}", 0, "starts at its first byte");
        yield return new("{", 0, "valid JSON");
        yield return new("{} {}", 0, "valid JSON");
        yield return new("{}x", 0, "valid JSON");
        yield return new("{\"a\":{{}", 0, "valid JSON");
        yield return new("{\"\\ud800\":{}}", 0, "valid JSON");
        yield return new("{\"a\":3}", 0, "tensor 'a': Expected an object");
        yield return new("{\"a\":{}}", 0, "tensor 'a': Expected 'dtype', it is missing");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "Expected 'shape'");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "Expected 'data_offsets'");
        yield return new("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "text as dtype");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 1, "'dtype' once");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"extra\":1}}", 1, "got 'extra'");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "integers from 0");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "integers from 0");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}", 4, "integers from 0");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}", 4, "integers");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "Expected 8 bytes for F32 [2]");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "two ascending data_offsets");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "two ascending");
        yield return new(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0, "fits 63 bits");
        yield return new(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9,0],\"data_offsets\":[0,0]}}", 0, "fits 63 bits");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, "Expected 4 bytes of data");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, "Expected 4 bytes of data");
        yield return new("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "start at offset 0");
        yield return new(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[10000000000],\"data_offsets\":[0,10000000000]}}",
            8,
            "Expected 10000000000 bytes of data, the file has 8");
        yield return new(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}," +
            "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
            6,
            "tensor 'b': Expected its data to start at offset 4");
        yield return new(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}," +
            "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
            2,
            "'a' comes twice");
        yield return new("{\"__metadata__\":{\"a\":1}}", 0, "text as metadata 'a'");
        yield return new("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "metadata key once, 'a' comes twice");
        yield return new("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "comes twice");
    }

    [TestCaseSource(nameof(BadHeaders))]
    public void A_bad_header_is_refused_with_the_reason(string header, int dataLength, string reason)
    {
        var file = File(header, new byte[dataLength]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => SafetensorsFile.Read(new MemoryStream(file), "bad.safetensors"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains(reason)
                    .And.Message.StartsWith("bad.safetensors: ")
                    .And.Message.EndsWith("."));
            Assert.That(() => SafetensorsFile.Read(new Trickle(file)), Throws.TypeOf<ModelFormatException>());
        }
    }

    [Test]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        var ten = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(ten, 10_000_000_000);
        var within = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(within, 90_000_000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => SafetensorsFile.Read(new MemoryStream(ten)),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("10000000000"));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(
                () => SafetensorsFile.Read(new MemoryStream(within)),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("the file is shorter"));
            Assert.That(
                () => SafetensorsFile.Read(new Trickle(within)),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("the file is shorter"));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8_000_000));
        }
    }

    [Test]
    public void Every_truncation_is_refused()
    {
        var bytes = Bytes(SampleTensors.Archive());
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(
                () => SafetensorsFile.Read(new MemoryStream(bytes, 0, length)), Throws.TypeOf<ModelFormatException>());
        }
    }

    [Test]
    public void The_reserved_name_is_not_written()
    {
        var archive = new TensorArchive([TensorData.Create<float>("__metadata__", [], [1])]);

        Assert.That(() => Bytes(archive), Throws.ArgumentException.With.Message.Contains("__metadata__"));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        Assert.That(
            () => SafetensorsFile.Read("none.safetensors"),
            Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo("The file 'none.safetensors' does not exist."));
    }

    internal static byte[] Bytes(TensorArchive archive)
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, archive);
        return stream.ToArray();
    }

    private static byte[] File(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
