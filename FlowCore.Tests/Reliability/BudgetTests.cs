using System.Buffers.Binary;
using System.Text;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Files that ask for more than they are: memory is counted before it is taken.</summary>
[TestFixture]
internal sealed class BudgetTests
{
    private const long Floor = 64L << 20;
    private const long Multiple = 16;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(PickleOpcode.Memoize, "the memo entries of the pickle")]
    [TestCase(PickleOpcode.EmptyDict, "the objects of the pickle")]
    [TestCase(PickleOpcode.Mark, "the objects of the pickle")]
    [TestCase(PickleOpcode.NewTrue, "the objects of the pickle")]
    public void One_byte_opcodes_cost_what_they_take(byte opcode, string what)
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Op([.. Enumerable.Repeat(opcode, 1_500_000)]).Stop();
        Refused(TorchFile.Of(pickle), what);
    }

    [Test]
    public void Views_of_one_storage_count_each()
    {
        // 1 MiB of storage, and views of all of it: 16 MiB and the floor allow at most 80.
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict);
        for (var i = 0; i < 90; i++)
            pickle.Text($"{i}").Tensor("FloatStorage", "0", 1 << 18, 0, [1 << 18], [1]).Op(PickleOpcode.SetItem);
        Refused(TorchFile.Of(pickle.Stop(), ("0", new byte[1 << 20])), "the tensors");
    }

    [Test]
    public void A_few_views_of_one_storage_are_read()
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict);
        for (var i = 0; i < 8; i++)
            pickle.Text($"{i}").Tensor("FloatStorage", "0", 1 << 18, 0, [1 << 18], [1]).Op(PickleOpcode.SetItem);
        File.WriteAllBytes(_folder.File("a.pt"), TorchFile.Of(pickle.Stop(), ("0", new byte[1 << 20])));
        Assert.That(PyTorchStateDict.Read(_folder.File("a.pt")).Tensors.Count, Is.EqualTo(8));
    }

    [Test]
    public void A_header_of_tiny_entries_is_counted()
    {
        var metadata = new StringBuilder("{\"__metadata__\":{");
        for (var i = 0; i < 300_000; i++)
            metadata.Append(i == 0 ? "" : ",").Append('"').Append(i.ToString("x", System.Globalization.CultureInfo.InvariantCulture)).Append("\":\"\"");
        var header = Encoding.UTF8.GetBytes(metadata.Append("}}").ToString());
        var file = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        var path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SafetensorsFile.Read(path);
        }
        catch (ModelFormatException e)
        {
            Assert.That(e.Message, Does.StartWith(path).And.Contains("the metadata take more"));
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Floor + (Multiple * file.Length)));
    }

    [Test]
    public void A_stored_array_is_read_in_rows_only_where_its_checksum_holds()
    {
        var path = _folder.File("a.npz");
        NpzFile.Write(path, new TensorArchive([TensorData.Create<double>("x", [100, 2], new double[200])]));
        var file = File.ReadAllBytes(path);
        using (var reader = new NpyReader(path, "x"))
            Assert.That(reader.ReadRows<double>(new double[200]), Is.EqualTo(100));
        file[file.Length / 2] ^= 1;
        File.WriteAllBytes(path, file);
        Assert.That(
            () => new NpyReader(path, "x").Dispose(),
            Throws.TypeOf<ModelFormatException>().With.Message.StartsWith(path).And.Message.Contains("the data is damaged"));
    }

    [Test]
    public void A_tensor_named_like_metadata_is_one_sentence()
    {
        using var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 0, Transforms = 1, HiddenSizes = [4], Seed = 1 });
        var archive = ModelFile.ToArchive(flow);
        var path = _folder.File("a.safetensors");
        SafetensorsFile.Write(path, new TensorArchive([.. archive, TensorData.Create<byte>("__metadata__/flowcore.format", [1], [7])], archive.Metadata));
        Assert.That(
            () => Flow<float>.Load(path),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo($"{path}: Expected no tensor named like metadata, got '__metadata__/flowcore.format'."));
    }

    private void Refused(byte[] file, string what)
    {
        var path = _folder.File("a.pt");
        File.WriteAllBytes(path, file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(
            () => PyTorchStateDict.Read(path),
            Throws.TypeOf<ModelFormatException>().With.Message.StartsWith(path).And.Message.Contains($"{what} take more"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Floor + (Multiple * file.Length)));
    }
}
