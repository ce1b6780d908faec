using System.Globalization;
using System.IO.Compression;
using System.Text;
using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class ZipTests
{
    [Test]
    public void The_checksum_is_the_published_one()
    {
        // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
        Assert.That(Crc32.Append(0, "123456789"u8), Is.EqualTo(0xCBF43926));
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 7))];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.That(
                Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)), Is.EqualTo(Crc32.Append(0, bytes)));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Archives_are_read_by_the_base_library(bool deflate)
    {
        using var stream = new MemoryStream(Sample(deflate));
        using var zip = new ZipArchive(stream);

        Assert.That(zip.Entries.Select(e => e.FullName), Is.EqualTo(new[] { "a", "ü/b", "empty" }));
        using var reader = new StreamReader(zip.Entries[1].Open());
        Assert.That(reader.ReadToEnd(), Is.EqualTo(new string('b', 1000)));
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(64)]
    public void Stored_data_is_aligned(int alignment)
    {
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: false, alignment);
        for (var i = 0; i < 70; i++)
            zip.Add(new string('n', i + 1), new byte[i]);

        zip.Complete();
        ZipReader reader = new(stream, "a.zip");
        Assert.That(reader.Entries.Select(e => e.DataOffset % alignment), Is.All.Zero);
        Assert.That(reader.Entries.Select(e => e.Length), Is.EqualTo(Enumerable.Range(0, 70)));
    }

    [Test]
    public void More_entries_than_16_bits_count_are_written_and_read()
    {
        const int Count = 70_000;
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: false, alignment: 1);
        for (var i = 0; i < Count; i++)
            zip.Add(i.ToString(CultureInfo.InvariantCulture), []);

        zip.Complete();

        Assert.That(new ZipReader(stream, "a.zip").Entries, Has.Count.EqualTo(Count));
        using var other = new ZipArchive(stream);
        Assert.That(other.Entries, Has.Count.EqualTo(Count));
    }

    [Test]
    public void Offsets_beyond_32_bits_are_written_and_read()
    {
        // A file with a hole: five GiB long, a few kilobytes on the disk.
        using var folder = new TemporaryFolder();
        using var stream = new FileStream(folder.File("a.zip"), FileMode.Create, FileAccess.ReadWrite);
        stream.Position = 5L << 30;
        var zip = new ZipWriter(stream, deflate: false, alignment: 64);
        zip.Add("far", "away"u8);
        zip.Complete();
        stream.Flush();

        var reader = new ZipReader(stream, "a.zip");
        Assert.That(reader.Entries[0].DataOffset, Is.GreaterThan(5L << 30));
        Assert.That(reader.Read(reader.Entries[0]), Is.EqualTo("away"u8.ToArray()));
        using var other = new ZipArchive(stream);
        using var text = new StreamReader(other.GetEntry("far")!.Open());
        Assert.That(text.ReadToEnd(), Is.EqualTo("away"));
    }

    [Test]
    public void A_comment_at_the_end_is_skipped()
    {
        var bytes = Sample(deflate: false);
        bytes[^2] = 5;

        Assert.That(new ZipReader(new MemoryStream([.. bytes, .. "hello"u8]), "a.zip").Entries, Has.Count.EqualTo(3));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Every_flipped_byte_is_harmless_or_refused(bool deflate)
    {
        var bytes = Sample(deflate);
        var original = ReadAll(bytes);
        var refused = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= 0x41;
            try
            {
                Assert.That(ReadAll(flipped), Is.EqualTo(original), $"Byte {at} went unnoticed.");
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        // Versions, dates, attributes and padding may be anything.
        Assert.That(refused, Is.GreaterThan(bytes.Length / 3));
    }

    [Test]
    public void Entries_that_share_data_are_refused()
    {
        // Two directory entries with the same header: each is right alone.
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: false, alignment: 1);
        zip.Add("a", [1, 2, 3]);
        zip.Complete();
        var one = stream.ToArray();
        var directory = one.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var entry = one[directory..^22];
        var end = one[^22..];
        end[8] = end[10] = 2;
        end[12] *= 2;

        Assert.That(
            () => new ZipReader(new MemoryStream([.. one[..directory], .. entry, .. entry, .. end]), "a.zip"),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("do not overlap"));
    }

    [Test]
    public void Encryption_and_other_methods_are_refused_by_name()
    {
        var encrypted = Sample(deflate: false);
        var bzip = Sample(deflate: false);
        var directory = encrypted.AsSpan().IndexOf("PK\u0001\u0002"u8);
        encrypted[directory + 8] |= 1;
        bzip[directory + 10] = 12;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new ZipReader(new MemoryStream(encrypted), "a.zip"),
                Throws.TypeOf<ModelFormatException>().With.Message.EqualTo("a.zip: Expected plain zip entries, 'a' is encrypted."));
            Assert.That(
                () => new ZipReader(new MemoryStream(bzip), "a.zip"),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains("'a' uses method 12"));
        }
    }

    private static byte[] Sample(bool deflate)
    {
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate, alignment: 16);
        zip.Add("a", "first "u8, "second"u8);
        zip.Add("ü/b", Encoding.ASCII.GetBytes(new string('b', 1000)));
        zip.Add("empty", []);
        zip.Complete();
        return stream.ToArray();
    }

    private static Dictionary<string, byte[]> ReadAll(byte[] bytes)
    {
        var zip = new ZipReader(new MemoryStream(bytes), "a.zip");
        return zip.Entries.ToDictionary(e => e.Name, zip.Read);
    }
}
