using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using FlowCore.IO;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

/// <summary>
/// Files changed at random, with a fixed seed: each is read or refused with the one exception of the readers, takes
/// little memory, and leaves nothing behind. Where checksums protect a file, what is read is what was written.
/// </summary>
[TestFixture]
internal sealed class MutatedFileTests
{
    private const int FilesPerKind = 300;

    /// <summary>The valid files are a few kilobytes; what reading one may allocate does not grow with what it claims.</summary>
    private const long MostAllocated = 64 << 20;

    [Test]
    public void Mutated_safetensors_are_read_or_refused() =>
        Run(
            "safetensors",
            [SafetensorsFileTests.Bytes(SampleTensors.Archive())],
            path => SafetensorsFile.Read(path),
            original: null);

    [Test]
    public void Mutated_npy_files_are_read_or_refused() =>
        Run("npy", [.. NpyFiles().Select(f => f.Bytes)], path => new TensorArchive([NpyFile.Read(path)]), original: null);

    [Test]
    public void Mutated_npy_files_are_read_in_rows_or_refused() =>
        Run(
            "npy",
            [.. NpyFiles().Select(f => f.Bytes)],
            path =>
            {
                using var reader = new NpyReader(path);
                var block = new double[1000];
                while (reader.RowLength <= block.Length && reader.ReadRows<double>(block) > 0)
                {
                }

                return new TensorArchive([]);
            },
            original: null);

    [TestCase(CompressionLevel.NoCompression)]
    [TestCase(CompressionLevel.Optimal)]
    public void Mutated_npz_archives_are_read_as_written_or_refused(CompressionLevel level)
    {
        var file = Zip(level, [.. NpyFiles().Select(f => ($"{f.Name}.npy", f.Bytes))]);
        Run("npz", [file], path => NpzFile.Read(path), ReadBytes(file, "npz", path => NpzFile.Read(path)));
    }

    [Test]
    public void Mutated_arrays_in_npz_archives_are_read_or_refused() =>
        Run(
            "npz",
            [.. NpyFiles().Select(f => f.Bytes)],
            path => NpzFile.Read(path),
            original: null,
            (random, bytes) => Zip(
                random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Optimal,
                [(random.Next(2) == 0 ? "../x.npy" : "/x.npy", bytes)]));

    [Test]
    public void Mutated_state_dicts_are_read_as_written_or_refused()
    {
        var file = TorchFile.SavedByPyTorch();
        Run(
            "pt",
            [file],
            path => PyTorchStateDict.Read(path).Tensors,
            ReadBytes(file, "pt", path => PyTorchStateDict.Read(path).Tensors));
    }

    [Test]
    public void Mutated_pickles_in_state_dicts_are_read_or_refused()
    {
        // The checksums are made right again, so that the pickle reader itself meets the damage.
        var entries = Entries(TorchFile.SavedByPyTorch());
        var pickle = Array.FindIndex(entries, e => e.Name.EndsWith("data.pkl", StringComparison.Ordinal));
        Run(
            "pt",
            [entries[pickle].Bytes],
            path => PyTorchStateDict.Read(path).Tensors,
            original: null,
            (_, bytes) =>
            {
                var changed = ((string Name, byte[] Bytes)[])entries.Clone();
                changed[pickle].Bytes = bytes;
                return TorchFile.OfEntries(changed);
            });
    }

    [Test]
    public void Random_objects_are_read_or_refused()
    {
        // Objects of well-formed pieces, with a stray opcode now and then, come further than damaged files.
        var read = 0;
        Run(
            "pt",
            [[]],
            path =>
            {
                var tensors = PyTorchStateDict.Read(path, maximumBytes: 16 << 20).Tensors;
                read++;
                return tensors;
            },
            original: null,
            (random, _) =>
            {
                var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict, PickleOpcode.BinPut, 0);
                for (var i = random.Next(6); i >= 0; i--)
                {
                    pickle.Text($"{i}");
                    AddObject(pickle, random, depth: 0);
                    pickle.Op(PickleOpcode.SetItem);
                }

                return TorchFile.Of(pickle.Stop(), ("0", new byte[16]));
            });
        Assert.That(read, Is.GreaterThan(FilesPerKind / 20), "Too few come through to say anything.");
    }

    [Test]
    public void A_pickle_that_calls_a_function_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.pt");
        foreach ((var module, var name) in new[] { ("os", "system"), ("posix", "system"), ("subprocess", "getoutput") })
        {
            File.WriteAllBytes(path, TorchFile.Of(PickleBuilder.Call(module, name, $"touch {folder.File("called")}")));

            Assert.That(
                () => PyTorchStateDict.Read(path),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains($"got {module}.{name}(").And.Message.Contains("of which nothing is ever run"));
            Assert.That(folder.Names(), Is.EqualTo(new[] { "a.pt" }));
        }
    }

    [Test]
    public void Any_archive_comes_back_from_every_format()
    {
        var tensors =
            from type in Gen.Elements(Enum.GetValues<ElementType>())
            from shape in Gen.Choose(0, 4).SelectMany(rank => Gen.Choose(0, 3).ArrayOf(rank))
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from letters in Gen.Elements("a", "b.weight", "ü", "x/y", "\"", "..", "").ArrayOf(2)
            select Create(string.Concat(letters), type, [.. shape.Select(s => (long)s)], seed);
        using var folder = new TemporaryFolder();
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(50).WithReplay(20260111, 7),
            Prop.ForAll(
                tensors.ListOf().ToArbitrary(),
                list =>
                {
                    var archive = new TensorArchive(list.DistinctBy(t => t.Name));
                    SafetensorsFile.Write(folder.File("a.safetensors"), archive);
                    SampleTensors.AssertSame(SafetensorsFile.Read(folder.File("a.safetensors")), archive);
                    PyTorchStateDict.Write(folder.File("a.pt"), archive);
                    SampleTensors.AssertSame(PyTorchStateDict.Read(folder.File("a.pt")).Tensors, archive);
                    var plain = new TensorArchive(archive.Where(t => t.ElementType != ElementType.BFloat16));
                    NpzFile.Write(folder.File("a.npz"), plain, compress: list.Count % 2 == 0);
                    SampleTensors.AssertSame(NpzFile.Read(folder.File("a.npz")), plain);
                }));
    }

    private static void AddObject(PickleBuilder pickle, System.Random random, int depth)
    {
        byte[] strays =
        [
            PickleOpcode.Mark, PickleOpcode.Tuple, PickleOpcode.Appends, PickleOpcode.SetItems, PickleOpcode.Build,
            PickleOpcode.Reduce, PickleOpcode.BinPersistentId, PickleOpcode.None, PickleOpcode.EmptyDict,
        ];
        switch (random.Next(depth < 4 ? 12 : 8))
        {
            case 0:
                pickle.Op(PickleOpcode.BinGet, (byte)random.Next(random.Next(4) == 0 ? 3 : 1));
                break;
            case 1:
                pickle.Tensor("FloatStorage", "0", 4, random.Next(3), [2, random.Next(4)], [1, random.Next(3)]);
                break;
            case 2:
                pickle.Tensor("FloatStorage", "0", 4, 0, [1L << random.Next(60), 2], [0, 0]);
                break;
            case 3:
                pickle.Integer(random.NextInt64());
                break;
            case 4:
                pickle.EmptyOrderedDict();
                break;
            case 5:
                pickle.Op(PickleOpcode.NewTrue);
                break;
            case 6:
                pickle.Op(random.Next(4) == 0 ? strays[random.Next(strays.Length)] : PickleOpcode.None);
                break;
            case 7:
                pickle.Text("text");
                break;
            case 8:
                AddObject(pickle, random, depth + 1);
                AddObject(pickle, random, depth + 1);
                pickle.Op(PickleOpcode.Tuple2);
                break;
            case 9:
                pickle.Op(PickleOpcode.EmptyList, PickleOpcode.BinPut, (byte)random.Next(3));
                AddObject(pickle, random, depth + 1);
                pickle.Op(PickleOpcode.Append);
                break;
            default:
                pickle.EmptyOrderedDict().Op(PickleOpcode.BinPut, (byte)random.Next(3)).Mark().Text("a");
                AddObject(pickle, random, depth + 1);
                pickle.Text("b");
                AddObject(pickle, random, depth + 1);
                pickle.Op(PickleOpcode.SetItems);
                break;
        }
    }

    private static TensorData Create(string name, ElementType type, long[] shape, int seed)
    {
        var bytes = new byte[shape.Aggregate(1L, (a, b) => a * b) * type.SizeInBytes()];
        new System.Random(seed).NextBytes(bytes);
        return new TensorData(name, type, [.. shape], bytes);
    }

    /// <summary>Mutates, reads and judges; the seed is fixed, so that a failure's number finds the same file again.</summary>
    private static void Run(
        string extension,
        byte[][] files,
        Func<string, TensorArchive> read,
        string? original,
        Func<System.Random, byte[], byte[]>? wrap = null)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File($"file.{extension}");
        var random = new System.Random(20260111);
        var refused = 0;
        for (var i = 0; i < FilesPerKind; i++)
        {
            var file = files[random.Next(files.Length)];
            var mutated = file.Length == 0 ? file : Mutate(random, file);
            File.WriteAllBytes(path, wrap is null ? mutated : wrap(random, mutated));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tensors = read(path);
                if (original is not null)
                    Assert.That(Summary(tensors), Is.EqualTo(original), $"File {i} was read, but not as it was written.");
            }
            catch (ModelFormatException e)
            {
                refused++;
                Assert.That(e.Message, Does.StartWith(path).And.EndsWith(".").And.Not.Contain('\n'), $"File {i}.");
            }
            catch (Exception e) when (e is not (AssertionException or MultipleAssertException))
            {
                Assert.Fail($"File {i} ended in {e}");
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated), $"File {i}.");
        }

        Assert.That(refused, Is.GreaterThan(FilesPerKind / 10), "Too few are refused to say anything.");
        Assert.That(folder.Names(), Is.EqualTo(new[] { $"file.{extension}" }));
    }

    private static byte[] Mutate(System.Random random, byte[] file)
    {
        var bytes = (byte[])file.Clone();
        for (var i = random.Next(3); i >= 0 && bytes.Length > 0; i--)
            bytes = MutateOnce(random, bytes);

        return bytes;
    }

    private static byte[] MutateOnce(System.Random random, byte[] bytes)
    {
        // Structure is at both ends more often than in the middle.
        var at = random.Next(3) switch
        {
            0 => random.Next(Math.Min(bytes.Length, 300)),
            1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 300)),
            _ => random.Next(bytes.Length),
        };
        var length = random.Next(Math.Min(64, bytes.Length - at) + 1);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 3 when bytes.Length - at >= 8:
                ulong[] absurd = [0, 1, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue, 10_000_000_000];
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(number, absurd[random.Next(absurd.Length)]);
                number[..(1 << random.Next(4))].CopyTo(bytes.AsSpan(at));
                return bytes;
            case 4:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6:
                // A digit where one is, so that texts of numbers stay numbers.
                var digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
                if (digit >= 0)
                {
                    return random.Next(2) == 0
                        ? [.. bytes[..(at + digit)], .. "999999999"u8, .. bytes[(at + digit)..]]
                        : [.. bytes[..(at + digit)], (byte)random.Next('0', '9' + 1), .. bytes[(at + digit + 1)..]];
                }

                return bytes;
            default:
                var from = random.Next(bytes.Length - length + 1);
                bytes.AsSpan(from, length).ToArray().CopyTo(bytes, at);
                return bytes;
        }
    }

    private static (string Name, byte[] Bytes)[] NpyFiles()
    {
        var small = new MemoryStream();
        NpyFile.Write(small, TensorData.Create<float>("a", [2, 3], [1, 2, 3, 4, 5, 6]));
        var flags = new MemoryStream();
        NpyFile.Write(flags, TensorData.Create<bool>("b", [5], [true, false, true, true, false]));
        return
        [
            ("a", small.ToArray()),
            ("b", flags.ToArray()),
            ("c", NpyFileTests.File("{'descr': '>f8', 'fortran_order': True, 'shape': (2, 2, 2)}", new byte[64], 2)),
            ("d", NpyFileTests.File("{'descr': '<i8', 'fortran_order': False, 'shape': ()}\n", new byte[8], 3)),
            ("e", NpyFileTests.File("{'descr': '<f2', 'fortran_order': False, 'shape': (100, 0)}", [])),
        ];
    }

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: level != CompressionLevel.NoCompression, alignment: 64);
        foreach ((var name, var bytes) in entries)
            zip.Add(name, bytes);

        zip.Complete();
        return stream.ToArray();
    }

    private static (string Name, byte[] Bytes)[] Entries(byte[] file)
    {
        var zip = new ZipReader(new MemoryStream(file), "a.pt");
        return [.. zip.Entries.Select(e => (e.Name, zip.Read(e)))];
    }

    private static string ReadBytes(byte[] file, string extension, Func<string, TensorArchive> read)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File($"a.{extension}"), file);
        return Summary(read(folder.File($"a.{extension}")));
    }

    private static string Summary(TensorArchive tensors)
    {
        var names = new StringBuilder(ContentHash.Compute(tensors));
        foreach (var tensor in tensors)
            names.Append(' ').Append(tensor);

        return names.ToString();
    }
}
