using System.IO.Compression;
using FlowCore.IO;
using FlowCore.Tests.Golden;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class PyTorchStateDictTests
{
    [Test]
    public void A_file_saved_by_PyTorch_is_read()
    {
        var read = Read(TorchFile.SavedByPyTorch());

        Assert.That(
            read.Tensors.Select(t => t.ToString()),
            Is.EqualTo(new[]
            {
                "'model.base' Float32 [2, 3, 4]",
                "'model.view' Float32 [3, 2, 2]",
                "'model.row' Float32 [3, 4]",
                "'model.wide' Float64 [2, 3]",
                "'model.half' Float16 [2]",
                "'model.brain' BFloat16 [2]",
                "'model.mask' Bool [1, 2]",
                "'model.steps' Int64 []",
                "'model.none' Float32 [0, 3]",
                "'model.weight' Float32 [1, 1]",
                "'norm.weight' Float32 [1]",
                "'norm.bias' Float32 [1]",
                "'norm.running_mean' Float32 [1]",
                "'norm.running_var' Float32 [1]",
                "'norm.num_batches_tracked' Int64 []",
                "'opt.state.0.m' Float32 [1]",
            }));
        var tensors = read.Tensors;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tensors["model.base"].ToArray<float>(), Is.EqualTo(Enumerable.Range(0, 24)));
            Assert.That(
                tensors["model.view"].ToArray<float>(), Is.EqualTo(new[] { 1, 9, 13, 21, 2, 10, 14, 22, 3, 11, 15, 23 }));
            Assert.That(tensors["model.row"].ToArray<float>(), Is.EqualTo(Enumerable.Range(12, 12)));
            Assert.That(tensors["model.wide"].ToArray<double>(), Is.EqualTo(new[] { 1, 1, 1, 2, 2, 2 }));
            Assert.That(tensors["model.half"].ToArray<float>(), Is.EqualTo(new[] { 1.5f, -2 }));
            Assert.That(tensors["model.brain"].ToArray<float>(), Is.EqualTo(new[] { 1.5f, -2 }));
            Assert.That(tensors["model.mask"].ToArray<bool>(), Is.EqualTo(new[] { true, false }));
            Assert.That(tensors["model.steps"].ToArray<long>(), Is.EqualTo(new[] { -7L }));
            Assert.That(tensors["model.weight"].ToArray<float>(), Is.EqualTo(new[] { 0.5f }));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                read.Values.Keys,
                Is.EqualTo(new[]
                {
                    "epoch", "rate", "tag", "best", "done", "dims", "opt.groups.0.lr", "opt.groups.0.params", "big", "neg",
                }));
            Assert.That(read.Values["epoch"], Is.EqualTo(5L));
            Assert.That(read.Values["rate"], Is.EqualTo(1e-3));
            Assert.That(read.Values["tag"], Is.EqualTo("run ν"));
            Assert.That(read.Values["best"], Is.Null);
            Assert.That(read.Values["done"], Is.EqualTo(true));
            Assert.That(read.Values["dims"], Is.EqualTo(new object[] { 1L, 2L }));
            Assert.That(read.Values["opt.groups.0.lr"], Is.EqualTo(0.1));
            Assert.That(read.Values["opt.groups.0.params"], Is.EqualTo(new object[] { 0L, 1L }));
            Assert.That(read.Values["big"], Is.EqualTo(1L << 40));
            Assert.That(read.Values["neg"], Is.EqualTo(-3L));
        }
    }

    [Test]
    public void Written_tensors_come_back_in_order()
    {
        using var folder = new TemporaryFolder();
        TensorArchive archive = new(SampleTensors.OfEveryType());
        PyTorchStateDict.Write(folder.File("a.pt"), archive);

        var read = PyTorchStateDict.Read(folder.File("a.pt"));

        SampleTensors.AssertSame(read.Tensors, archive);
        Assert.That(read.Values, Is.Empty);
    }

    [Test]
    public void An_empty_state_dict_comes_back()
    {
        using var folder = new TemporaryFolder();
        PyTorchStateDict.Write(folder.File("a.pt"), new TensorArchive([]));

        Assert.That(PyTorchStateDict.Read(folder.File("a.pt")).Tensors, Is.Empty);
    }

    [Test]
    public void Equal_archives_give_equal_bytes_with_aligned_storages()
    {
        using var folder = new TemporaryFolder();
        PyTorchStateDict.Write(folder.File("a.pt"), new TensorArchive(SampleTensors.OfEveryType()));
        PyTorchStateDict.Write(folder.File("b.pt"), new TensorArchive(SampleTensors.OfEveryType()));

        Assert.That(File.ReadAllBytes(folder.File("b.pt")), Is.EqualTo(File.ReadAllBytes(folder.File("a.pt"))));
        using var stream = File.OpenRead(folder.File("a.pt"));
        Assert.That(new ZipReader(stream, "a.pt").Entries.Select(e => e.DataOffset % 64), Is.All.Zero);
    }

    [Test]
    public void The_weights_of_the_reference_models_are_bit_equal_to_their_arrays()
    {
        var models = GoldenFolder.StateDictionaries();
        Assert.That(models, Is.Not.Empty);
        foreach (var model in models)
        {
            var tensors = PyTorchStateDict.Read(model).Tensors;
            var arrays = NpzFile.Read(Path.ChangeExtension(model, ".npz"));
            const string Prefix = "state/";
            string[] expected = [.. arrays.Select(a => a.Name).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))];
            Assert.That(tensors.Select(t => Prefix + t.Name), Is.EquivalentTo(expected), model);
            foreach (var tensor in tensors)
                SampleTensors.AssertSame(arrays[Prefix + tensor.Name].Rename(tensor.Name), tensor);
        }
    }

    [Test]
    public void Protocol_4_with_frames_and_memo_is_read()
    {
        var pickle = new PickleBuilder().Start(4)
            .Op(PickleOpcode.Frame, 9, 0, 0, 0, 0, 0, 0, 0)
            .Op(PickleOpcode.EmptyDict, PickleOpcode.Memoize)
            .Op(PickleOpcode.ShortBinUnicode, 1, (byte)'a', PickleOpcode.Memoize)
            .Op(PickleOpcode.BinGet, 1)
            .Op(PickleOpcode.SetItem)
            .Op(PickleOpcode.BinUnicode8, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'d')
            .Op(PickleOpcode.ShortBinUnicode, 11).Op("collections"u8.ToArray())
            .Op(PickleOpcode.ShortBinUnicode, 11).Op("OrderedDict"u8.ToArray())
            .Op(PickleOpcode.StackGlobal, PickleOpcode.EmptyTuple, PickleOpcode.Reduce)
            .Op(PickleOpcode.SetItem).Stop();

        Assert.That(Read(TorchFile.Of(pickle)).Values, Is.EqualTo(new Dictionary<string, object?> { ["a"] = "a" }));
    }

    [Test]
    public void Untyped_storages_with_an_element_type_are_read()
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Text("w")
            .Global("torch._utils", "_rebuild_tensor_v3").Mark()
            .Mark().Text("storage").Global("torch.storage", "UntypedStorage").Text("0").Text("cuda:0").Integer(4)
            .Op(PickleOpcode.Tuple, PickleOpcode.BinPersistentId)
            .Integer(1).Tuple(1).Tuple(1).Op(PickleOpcode.NewTrue).EmptyOrderedDict().Global("torch", "uint16")
            .Op(PickleOpcode.Tuple, PickleOpcode.Reduce, PickleOpcode.SetItem).Stop();

        var read = Read(TorchFile.Of(pickle, ("0", [1, 0, 255, 255]))).Tensors["w"];

        Assert.That(read.ToArray<ushort>(), Is.EqualTo(new[] { ushort.MaxValue }));
    }

    private static IEnumerable<TestCaseData> BadPickles()
    {
        yield return Case(
            PickleBuilder.Call("os", "system", "touch pwned"), "got os.system('touch pwned'), of which nothing is ever run");
        yield return Case(PickleBuilder.Call("builtins", "eval", "1"), "got builtins.eval('1'), of which");
        yield return Case(PickleBuilder.Call("torch.storage", "_load_from_bytes", "x"), "got torch.storage._load_from_bytes('x'), of which");
        yield return Case(PickleBuilder.Call("torch", "FloatStorage", "x"), "got torch.FloatStorage('x'), of which");
        yield return Case(PickleBuilder.Call("collections", "OrderedDict", "x"), "got collections.OrderedDict('x'), of which");
        yield return Case(
            new PickleBuilder().Start().Text("os").Text("system").Op(PickleOpcode.StackGlobal).Stop(), "got os.system, of which");
        yield return Case(
            new PickleBuilder().Start().Op((byte)'i').Op("os\nsystem\n"u8.ToArray()).Stop(), "a mark on the stack");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyTuple, 0x81).Stop(), "an object on the stack");
        yield return Case(new PickleBuilder().Start().Op(0x97).Stop(), "got NEXT_BUFFER (0x97) at byte 2");
        yield return Case(new PickleBuilder().Start().Op(0xff).Stop(), "got 0xff at byte 2");
        yield return Case(new PickleBuilder().Start(6), "protocol 0 to 5, got 6");
        yield return Case(new PickleBuilder().Start(), "it ends before");
        yield return Case(new PickleBuilder().Start().Stop(), "an object on the stack");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Stop().Stop(), "more is left");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyDict, PickleOpcode.EmptyDict).Stop(), "more is left");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Mark().Stop(), "an object on the stack");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.BinGet, 0).Stop(), "memo entry 0");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.LongBinGet, 255, 255, 255, 255).Stop(), "memo entry 4294967295");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.Tuple).Stop(), "a mark on the stack");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.Tuple3).Stop(), "3 objects on the stack");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyDict, PickleOpcode.None, PickleOpcode.Append).Stop(), "a list");
        yield return Case(
            new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Mark().Text("a").Op(PickleOpcode.SetItems).Stop(),
            "as many values as keys");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.BinUnicode, 255, 255, 255, 255).Stop(), "4294967295 more bytes");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.ShortBinUnicode, 1, 0xff).Stop(), "text in UTF-8");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyTuple, PickleOpcode.BinPersistentId).Stop(), "a persistent id");
        yield return Case(new PickleBuilder().Start().Storage("FloatStorage", "0", -1).Stop(), "a persistent id");
        yield return Case(new PickleBuilder().Start().Storage("FloatStorage", "0", 1).Stop(), "got a storage");
        yield return Case(new PickleBuilder().Start().Op(PickleOpcode.EmptyList).Stop(), "got a list");
        yield return Case(
            new PickleBuilder().Start().Tensor("FloatStorage", "0", 1, 0, [1], [1]).Stop(), "got a single tensor");
        static TestCaseData Case(PickleBuilder pickle, string reason) => new(pickle.ToArray(), reason);
    }

    [TestCaseSource(nameof(BadPickles))]
    public void A_bad_pickle_is_refused_with_the_reason(byte[] pickle, string reason)
    {
        var file = TorchFile.OfEntries(("a/data.pkl", pickle), ("a/data/0", new byte[4]));

        Assert.That(
            () => Read(file),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(reason).And.Message.EndsWith("."));
    }

    private static IEnumerable<TestCaseData> Besides()
    {
        // Each puts one value on the stack; the text is what it is described as.
        yield return Case("os.system('touch pwned')", pickle => pickle.Global("os", "system").Text("touch pwned").Op(PickleOpcode.Tuple1, PickleOpcode.Reduce));
        yield return Case("argparse.Namespace(lr=3)", pickle => pickle.Global("argparse", "Namespace").Op(PickleOpcode.EmptyTuple, PickleOpcode.NewObject)
            .Op(PickleOpcode.EmptyDict).Text("lr").Integer(3).Op(PickleOpcode.SetItem, PickleOpcode.Build));
        yield return Case("collections.Counter(a dictionary of 0)", pickle => pickle.Global("collections", "Counter").Op(PickleOpcode.EmptyDict, PickleOpcode.Tuple1, PickleOpcode.Reduce));
        yield return Case("set()", pickle => pickle.Op(PickleOpcode.EmptySet).Mark().Integer(1).Op(PickleOpcode.AddItems));
        yield return Case("frozenset()", pickle => pickle.Mark().Integer(1).Op(PickleOpcode.FrozenSet));
        yield return Case("3 bytes", pickle => pickle.Op(PickleOpcode.ShortBinBytes, 3, 1, 2, 3));
        yield return Case("torch.nn.modules.activation.ReLU", pickle => pickle.Global("torch.nn.modules.activation", "ReLU"));
        yield return Case("a tensor of torch.ComplexFloatStorage", pickle => pickle.Tensor("ComplexFloatStorage", "0", 2, 0, [1], [1]));
        yield return Case("torch.Generator()", pickle => pickle.Global("torch", "Generator").Op(PickleOpcode.EmptyTuple, PickleOpcode.Reduce));
        yield return Case("a storage", pickle => pickle.Storage("FloatStorage", "0", 1));
        yield return Case("a.B(1)", pickle => pickle.Mark().Integer(1).Op(PickleOpcode.Instance).Op("a\nB\n"u8.ToArray()));
        yield return Case("an integer of 99 bytes", pickle => pickle.Op(PickleOpcode.Long1, 99).Op(new byte[99]));
        yield return Case("extension(7)", pickle => pickle.Op(PickleOpcode.Extension1, 7));
        yield return Case("a tuple of 2 that is not followed: it is long, deep or contains itself", Sharing);
        yield return Case("a list of 1 that is not followed: it is long, deep or contains itself", pickle => pickle.Op(PickleOpcode.EmptyList, PickleOpcode.BinPut, 9, PickleOpcode.BinGet, 9, PickleOpcode.Append));

        static TestCaseData Case(string expected, Func<PickleBuilder, PickleBuilder> push) => new TestCaseData(expected, push).SetArgDisplayNames(expected);

        static PickleBuilder Sharing(PickleBuilder pickle)
        {
            pickle.Op(PickleOpcode.EmptyTuple);
            for (var i = 0; i < 40; i++)
                pickle.Op(PickleOpcode.BinPut, 0, PickleOpcode.BinGet, 0, PickleOpcode.Tuple2);

            return pickle;
        }
    }

    [TestCaseSource(nameof(Besides))]
    public void What_stands_beside_the_tensors_is_described_and_decides_nothing(string expected, object push)
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Text("beside");
        ((Func<PickleBuilder, PickleBuilder>)push)(pickle);
        pickle.Op(PickleOpcode.SetItem).Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op(PickleOpcode.SetItem).Stop();
        var read = Read(TorchFile.Of(pickle, ("0", BitConverter.GetBytes(2.5f))));
        Assert.Multiple(() =>
        {
            Assert.That(read.Tensors["w"].ToArray<float>(), Is.EqualTo(new[] { 2.5f }));
            Assert.That(read.Values["beside"]?.ToString(), Is.EqualTo(expected));
            Assert.That(read.Tensors.Unread["beside"], Is.EqualTo(expected));
        });
    }

    [Test]
    public void Keys_of_every_kind_and_integers_of_any_size_are_read()
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict)
            .Op(PickleOpcode.BinFloat).Op(0x3f, 0xe0, 0, 0, 0, 0, 0, 0).Integer(1).Op(PickleOpcode.SetItem)
            .Op(PickleOpcode.None).Integer(2).Op(PickleOpcode.SetItem)
            .Tuple(1, 2).Integer(3).Op(PickleOpcode.SetItem)
            .Op(PickleOpcode.NewTrue).Op(PickleOpcode.Long1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1).Op(PickleOpcode.SetItem).Stop();
        var values = Read(TorchFile.Of(pickle)).Values;
        Assert.That(values.Keys, Is.EqualTo(new[] { "0.5", "None", "(1, 2)", "True" }));
        Assert.That(values["True"], Is.EqualTo(System.Numerics.BigInteger.Pow(2, 64)));
    }

    [Test]
    public void A_number_of_NumPy_is_a_number()
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Text("loss")
            .Global("numpy.core.multiarray", "scalar")
            .Global("numpy", "dtype").Text("f8").Op(PickleOpcode.NewFalse, PickleOpcode.NewTrue, PickleOpcode.Tuple3, PickleOpcode.Reduce)
            .Mark().Integer(3).Text("<").Op(PickleOpcode.Tuple, PickleOpcode.Build)
            .Global("_codecs", "encode").Text("\0\0\0\0\0\0\u00f4\u003f").Text("latin1").Op(PickleOpcode.Tuple2, PickleOpcode.Reduce)
            .Op(PickleOpcode.Tuple2, PickleOpcode.Reduce, PickleOpcode.SetItem).Stop();
        Assert.That(Read(TorchFile.Of(pickle)).Values["loss"], Is.EqualTo(1.25));
    }

    [Test]
    public void A_name_that_comes_twice_a_dictionary_in_itself_and_one_too_deep_are_set_aside()
    {
        var twice = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Mark().Text("a").Integer(1).Text("a").Integer(2).Text("b").Integer(3).Op(PickleOpcode.SetItems).Stop();
        var self = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict, PickleOpcode.BinPut, 0).Text("self").Op(PickleOpcode.BinGet, 0, PickleOpcode.SetItem).Stop();
        Assert.Multiple(() =>
        {
            Assert.That(Read(TorchFile.Of(twice)).Values["a"]?.ToString(), Is.EqualTo("an entry whose name comes twice"));
            Assert.That(Read(TorchFile.Of(twice)).Values["b"], Is.EqualTo(3L));
            Assert.That(Read(TorchFile.Of(self)).Values["self"]?.ToString(), Is.EqualTo("a container that contains itself"));
            Assert.That(Read(TorchFile.Of(Nested(levels: 100))).Values.Values.Single()?.ToString(), Is.EqualTo("containers nested more than 64 deep"));
        });
    }

    [Test]
    public void A_list_that_many_entries_share_is_not_written_out_for_all_of_them()
    {
        const int Entries = 5000;
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyList, PickleOpcode.BinPut, 0).Mark();
        for (var i = 0; i < 4000; i++)
            pickle.Op(PickleOpcode.BinInt1, 1);

        pickle.Op(PickleOpcode.Appends, PickleOpcode.DropTop, PickleOpcode.EmptyDict);
        for (var i = 0; i < Entries; i++)
            pickle.Integer(i).Op(PickleOpcode.BinGet, 0, PickleOpcode.SetItem);

        var values = Read(TorchFile.Of(pickle.Stop())).Values;
        Assert.That(values, Has.Count.EqualTo(Entries));
        Assert.That(values["0"], Is.InstanceOf<IReadOnlyList<object?>>());
        Assert.That(values[$"{Entries - 1}"], Is.InstanceOf<InertValue>());
    }

    [Test]
    public void A_whole_module_is_named_as_such()
    {
        var pickle = new PickleBuilder().Start().Global("zuko.flows.spline", "NSF").Op(PickleOpcode.EmptyTuple, PickleOpcode.NewObject)
            .Op(PickleOpcode.EmptyDict).Mark().Text("_parameters").Op(PickleOpcode.EmptyDict).Text("_modules").Op(PickleOpcode.EmptyDict)
            .Op(PickleOpcode.SetItems, PickleOpcode.Build).Stop();
        AssertRefused(TorchFile.Of(pickle), "a whole module of the class zuko.flows.spline.NSF: in Python, load it and save its state_dict()");
    }

    [Test]
    public void Metadata_comes_back()
    {
        using var folder = new TemporaryFolder();
        PyTorchStateDict.Write(folder.File("a.pt"), new TensorArchive(SampleTensors.OfEveryType(), [new("flowcore.state", "{\"ν\":1}")]));
        Assert.That(PyTorchStateDict.Read(folder.File("a.pt")).Tensors.Metadata, Is.EqualTo(new Dictionary<string, string> { ["flowcore.state"] = "{\"ν\":1}" }));
    }

    [TestCase("FloatStorage", "0", 4, 0, new long[] { 4 }, new long[] { 1 }, null)]
    [TestCase("FloatStorage", "0", 4, 3, new long[] { 1 }, new long[] { 9 }, null)]
    [TestCase("FloatStorage", "0", 4, 99, new long[] { 0, 7 }, new long[] { 7, 1 }, null)]
    [TestCase("FloatStorage", "0", 4, 1, new long[] { 4 }, new long[] { 1 }, "reaches element 4")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 2, 2 }, new long[] { 3, 1 }, "reaches element 4")]
    [TestCase("FloatStorage", "0", 4, long.MaxValue, new long[] { 1 }, new long[] { 1 }, "inside its storage of 4")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "inside its storage")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { long.MaxValue }, new long[] { 0 }, "fits 63 bits")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 1L << 40 }, new long[] { 0 }, "the tensors take more")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 1L << 30, 1 << 10 }, new long[] { 0, 0 }, "the tensors take more")]
    [TestCase("FloatStorage", "0", 4, -1, new long[] { 1 }, new long[] { 1 }, "an offset of at least 0")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { -1 }, new long[] { 1 }, "integers of at least 0 as sizes")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 1 }, new long[] { -1 }, "integers of at least 0 as strides")]
    [TestCase("FloatStorage", "0", 4, 0, new long[] { 1 }, new long[] { 1, 1 }, "as many strides as sizes")]
    [TestCase("FloatStorage", "1", 4, 0, new long[] { 1 }, new long[] { 1 }, "'a/data/1' in the file, there is none")]
    [TestCase("FloatStorage", "../data.pkl", 4, 0, new long[] { 1 }, new long[] { 1 }, "there is none")]
    [TestCase("FloatStorage", "0", 5, 0, new long[] { 1 }, new long[] { 1 }, "Expected 20 bytes in its storage")]
    [TestCase("DoubleStorage", "0", 4, 0, new long[] { 1 }, new long[] { 1 }, "Expected 32 bytes in its storage")]
    [TestCase("DoubleStorage", "0", long.MaxValue, 0, new long[] { 1 }, new long[] { 1 }, "bytes in its storage")]
    [TestCase("UntypedStorage", "0", 16, 0, new long[] { 1 }, new long[] { 1 }, "one element type")]
    public void A_view_is_read_or_refused_with_the_reason(
        string type, string key, long count, long offset, long[] shape, long[] strides, string? reason)
    {
        var file = TorchFile.Of(
            PickleBuilder.OneTensor(type, key, count, offset, shape, strides), ("0", new byte[16]));

        if (reason is null)
        {
            Assert.That(Read(file).Tensors["w"].Shape.ToArray(), Is.EqualTo(shape));
        }
        else
        {
            Assert.That(
                () => Read(file),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains(reason).And.Message.EndsWith("."));
        }
    }

    [Test]
    public void Repeating_views_are_bounded_by_a_limit_that_the_caller_sets()
    {
        var file = TorchFile.Of(
            PickleBuilder.OneTensor("ByteStorage", "0", 1, 0, [10, 1000], [0, 0]), ("0", [7]));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.pt"), file);

        Assert.That(
            () => PyTorchStateDict.Read(folder.File("a.pt"), maximumBytes: 9_999),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("at most 9999 bytes"));
        Assert.That(
            PyTorchStateDict.Read(folder.File("a.pt"), maximumBytes: 10_000).Tensors["w"].ToArray<byte>(),
            Is.All.EqualTo(7));
    }

    [Test]
    public void Other_kinds_of_file_are_refused_with_the_reason()
    {
        var pickle = PickleBuilder.OneTensor("FloatStorage", "0", 1, 0, [1], [1]);
        byte[] old = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, .. new byte[300]];
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        (string, byte[])[] parts = [("a/data.pkl", pickle.ToArray()), ("a/data/0", new byte[4])];
        using (Assert.EnterMultipleScope())
        {
            AssertRefused(old, "got the old format");
            AssertRefused(tar, "got the old format");
            AssertRefused([], "no end of a zip directory");
            AssertRefused("not a zip"u8.ToArray(), "no end of a zip directory");
            AssertRefused(TorchFile.OfEntries(("x.npy", [])), "there is none");
            AssertRefused(TorchFile.OfEntries([.. parts, ("b/data.pkl", [])]), "there are several");
            AssertRefused(TorchFile.OfEntries([.. parts, ("a/constants.pkl", [])]), "TorchScript");
            AssertRefused(TorchFile.OfEntries([.. parts, ("a/code/__torch__.py", [])]), "TorchScript");
            AssertRefused(pickle.ToArray(), "got a plain pickle");
            AssertRefused(TorchFile.OfEntries([.. parts, ("a/byteorder", "big"u8.ToArray())]), "got 'big'");
            AssertRefused(TorchFile.OfEntries([.. parts, ("a/byteorder", new byte[100])]), "a long text");
            AssertRefused(Deflated(parts), "is deflated");
            Assert.That(Read(TorchFile.OfEntries(parts)).Tensors, Has.Count.EqualTo(1));
        }
    }

    private static byte[] Deflated((string Name, byte[] Bytes)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((var name, var bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private static void AssertRefused(byte[] file, string reason) =>
        Assert.That(
            () => Read(file),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(reason).And.Message.EndsWith("."));

    private static PyTorchStateDict Read(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.pt"), file);
        return PyTorchStateDict.Read(folder.File("a.pt"));
    }

    /// <summary>A list of lists, each holding the next twice: a few bytes for 2^levels visits.</summary>
    internal static PickleBuilder Shared(int levels)
    {
        var pickle = new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Text("l").Op(PickleOpcode.EmptyTuple);
        for (var i = 0; i < levels; i++)
            pickle.Op(PickleOpcode.BinPut, 0, PickleOpcode.BinGet, 0, PickleOpcode.Tuple2);

        return pickle.Op(PickleOpcode.SetItem).Stop();
    }

    internal static PickleBuilder Nested(int levels)
    {
        var pickle = new PickleBuilder().Start();
        for (var i = 0; i < levels; i++)
            pickle.Op(PickleOpcode.EmptyDict).Text("d");

        pickle.Op(PickleOpcode.EmptyDict);
        for (var i = 0; i < levels; i++)
            pickle.Op(PickleOpcode.SetItem);

        return pickle.Stop();
    }
}
