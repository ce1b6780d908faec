using System.Buffers.Binary;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Random;
using FlowCore.Tests.FactorizableFlow;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

[TestFixture]
public sealed class ModelVerbTests
{
    private const int Rows = 70_000;

    private string _folder = "";

    private string Model => In("kin.safetensors");

    private string Residual => In("kin_residual.safetensors");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("flowcore-verbs-").FullName;
        KnownModels.Save(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Log_prob_gives_the_models_log_density_of_every_row()
    {
        var x = Numbers(1, 2 * Rows);
        var context = Numbers(2, 2 * Rows);
        WriteRows("x.npy", x, 2);
        WriteRows("c.npy", context, 2);
        CliRun.Succeed("log-prob", Model, "--x", In("x.npy"), "--context", In("c.npy"), "-o", In("out.npy"));
        using var flow = Flow<float>.Load(Model);
        var expected = new float[Rows];
        flow.LogDensity(x, context, expected);
        var written = NpyFile.Read(In("out.npy"));
        Assert.Multiple(() =>
        {
            Assert.That(written.Shape, Is.EqualTo(new long[] { Rows }));
            Assert.That(written.ToArray<float>(), Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_residual_finds_its_base_and_takes_one_row_for_all()
    {
        WriteRows("x.npy", Numbers(1, 200), 2);
        WriteRows("nu.npy", [0.5f, -1], 2);
        string[] common = ["--x", In("x.npy"), "--context", "1,0"];
        CliRun.Succeed(["log-prob", Residual, .. common, "--nu", In("nu.npy"), "-o", In("file.npy")]);
        CliRun.Succeed(["log-prob", Residual, "--base", Model, .. common, "--nu", "0.5,-1", "-o", In("numbers.npy")]);
        CliRun.Succeed(["log-prob", Residual, .. common, "--nu", "0,0", "-o", In("central.npy")]);
        CliRun.Succeed(["log-prob", Model, .. common, "-o", In("base.npy")]);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(In("numbers.npy")), Is.EqualTo(File.ReadAllBytes(In("file.npy"))));
            Assert.That(File.ReadAllBytes(In("numbers.npy")), Is.Not.EqualTo(File.ReadAllBytes(In("base.npy"))));

            // The residual is the identity at the central ν, to the bit.
            Assert.That(File.ReadAllBytes(In("central.npy")), Is.EqualTo(File.ReadAllBytes(In("base.npy"))));
        });
    }

    [Test]
    public void Samples_are_those_of_the_model_and_the_seed_in_blocks()
    {
        string[] command = ["sample", Residual, "--n", $"{Rows}", "--context", "0,1", "--nu", "1,1", "--seed", "12"];
        CliRun.Succeed([.. command, "-o", In("s.npy"), "--threads", "1"]);
        CliRun.Succeed([.. command, "-o", In("t.npy"), "--threads", "2"]);
        using var flow = Flow<float>.Load(Model);
        using var model = FlowCore.Factorizable.FactorizableFlow<float>.Load(Residual, flow);
        var expected = new float[2 * Rows];
        model.Sample(new RandomStream(12), 0, new([0, 1], [1, 1]), expected, default);
        var written = NpyFile.Read(In("s.npy"));
        Assert.Multiple(() =>
        {
            Assert.That(written.Shape, Is.EqualTo(new long[] { Rows, 2 }));
            Assert.That(written.ToArray<float>(), Is.EqualTo(expected));
            Assert.That(File.ReadAllBytes(In("t.npy")), Is.EqualTo(File.ReadAllBytes(In("s.npy"))));
        });
    }

    [Test]
    public void Double_precision_is_written_as_double()
    {
        WriteRows("x.npy", Numbers(1, 20), 2);
        CliRun.Succeed("log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("d.npy"), "--double");
        CliRun.Succeed("log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("f.npy"));
        var exact = NpyFile.Read(In("d.npy"));
        Assert.Multiple(() =>
        {
            Assert.That(exact.ElementType, Is.EqualTo(ElementType.Float64));

            // A few hundred roundings of 6e-8 in numbers of order 1 to 10.
            Assert.That(NpyFile.Read(In("f.npy")).ToArray<double>(), Is.EqualTo(exact.ToArray<double>()).Within(1e-4));
        });
    }

    [Test]
    public void A_row_with_NaN_is_named_in_whatever_block_and_leaves_what_was_there()
    {
        var x = Numbers(1, 2 * Rows);
        x[(2 * 66_000) + 1] = float.NaN;
        WriteRows("x.npy", x, 2);
        File.WriteAllText(In("out.npy"), "precious");
        var sentence = CliRun.Fail(
            ExitCode.Failure, "log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("out.npy"), "--force");
        Assert.Multiple(() =>
        {
            Assert.That(sentence, Does.Contain("x.npy").And.Contains("row 66000, column 1 is NaN").And.Contains("--allow-nan"));
            Assert.That(File.ReadAllText(In("out.npy")), Is.EqualTo("precious"));
            Assert.That(Directory.GetFiles(_folder, ".*"), Is.Empty);
        });
    }

    [Test]
    public void With_allow_nan_such_rows_and_no_others_give_NaN()
    {
        var x = Numbers(1, 600);
        x[2 * 17] = float.NaN;
        x[(2 * 299) + 1] = float.PositiveInfinity;
        WriteRows("x.npy", x, 2);
        (var code, _, var error) = CliRun.Run("log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("out.npy"), "--allow-nan");
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.StartWith("Warning: 2 of 300 log-densities are not finite, the first that of row 17; 2 of them because the row is not."));
        var densities = NpyFile.Read(In("out.npy")).ToArray<float>();
        Assert.That(Enumerable.Range(0, 300).Where(row => !float.IsFinite(densities[row])), Is.EqualTo(new[] { 17, 299 }));
    }

    [Test]
    public void A_file_that_is_there_is_kept_unless_forced()
    {
        File.WriteAllText(In("out.npy"), "precious");
        WriteRows("x.npy", Numbers(1, 20), 2);
        foreach (var command in new string[][] { ["sample", Model, "--n", "5"], ["log-prob", Model, "--x", In("x.npy")] })
        {
            Assert.That(CliRun.Fail(ExitCode.Failure, [.. command, "--context", "1,0", "-o", In("out.npy")]), Does.Contain("--force"));
            Assert.That(File.ReadAllText(In("out.npy")), Is.EqualTo("precious"));
        }
    }

    [Test]
    public void A_truncated_model_is_refused_by_every_verb()
    {
        var whole = File.ReadAllBytes(Model);
        foreach (var length in new[] { 0, 5, 300, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(Model, whole[..length]);
            Refused();
        }
    }

    [Test]
    public void A_flipped_bit_anywhere_in_a_model_is_refused()
    {
        var whole = File.ReadAllBytes(Model);
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        foreach (var at in new[] { 0, 5, 40, 8 + (header / 2), 8 + header, 8 + header + 1001, whole.Length - 1 })
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x04;
            File.WriteAllBytes(Model, damaged);
            Assert.That(CliRun.Fail(ExitCode.Failure, "inspect", Model), Does.Contain("kin.safetensors"), $"byte {at}");
        }
    }

    [Test]
    public void A_header_that_claims_ten_gigabytes_takes_no_memory()
    {
        var whole = File.ReadAllBytes(Model);
        BinaryPrimitives.WriteUInt64LittleEndian(whole, 10_000_000_000);
        File.WriteAllBytes(Model, whole);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Refused();
        // The file is 20 kB; a few of them and the program's own objects.
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(50_000_000));
    }

    [TestCase("the shape must be [rows, 2]", 3)]
    [TestCase("the shape must be [rows, 2]", 1)]
    public void Rows_of_other_dimensions_are_refused(string sentence, int columns)
    {
        WriteRows("x.npy", Numbers(1, 6 * columns), columns);
        Assert.That(
            CliRun.Fail(ExitCode.Failure, "log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("out.npy")),
            Does.Contain(sentence));
    }

    [Test]
    public void A_context_with_another_number_of_rows_is_refused()
    {
        WriteRows("x.npy", Numbers(1, 20), 2);
        WriteRows("c.npy", Numbers(1, 18), 2);
        Assert.That(
            CliRun.Fail(ExitCode.Failure, "log-prob", Model, "--x", In("x.npy"), "--context", In("c.npy"), "-o", In("out.npy")),
            Does.Contain("c.npy").And.Contains("10").And.Contains("9"));
    }

    [TestCase("The model takes 2 context features a row; --context gives them.")]
    [TestCase("The model takes 2 context features, but --context gives 3: '1,0,0'.", "--context", "1,0,0")]
    [TestCase("The model takes no nuisances, but --nu gives '1'.", "--context", "1,0", "--nu", "1")]
    [TestCase("How many rows to draw is not known; --n says so.", "--context", "1,0")]
    [TestCase("--n must be a whole number of at least 0, but it is '-4'.", "--n", "-4")]
    [TestCase("Unknown flag '--contxt'; did you mean '--context'?", "--contxt", "1,0")]
    public void A_command_line_that_does_not_fit_the_model_is_one_sentence_and_code_2(string sentence, params string[] flags) =>
        Assert.That(CliRun.Fail(ExitCode.Usage, ["sample", Model, "-o", In("out.npy"), .. flags]), Is.EqualTo(sentence));

    [Test]
    public void A_missing_folder_is_one_sentence() =>
        Assert.That(
            CliRun.Fail(ExitCode.Failure, "sample", Model, "--n", "5", "--context", "1,0", "-o", In("none/out.npy")),
            Does.Contain("none").And.Contains("does not exist"));

    [Test]
    public void A_read_only_folder_is_one_sentence()
    {
        if (!Directory.Exists("/proc/self"))
            Assert.Ignore("No folder here is read-only for a privileged user.");

        Assert.That(
            CliRun.Fail(ExitCode.Failure, "sample", Model, "--n", "5", "--context", "1,0", "-o", "/proc/self/out.npy"),
            Does.Contain("/proc/self"));
    }

    [Test]
    public void Inspect_tells_kind_architecture_training_and_tensors()
    {
        var flow = CliRun.Succeed("inspect", Model);
        var residual = CliRun.Succeed("inspect", Residual);
        using var loaded = Flow<float>.Load(Model);
        var content = ModelFile.BaseHash(loaded);
        Assert.Multiple(() =>
        {
            Assert.That(flow, Does.Match(@"context features +2").And.Match($"content +{content}").And.Contains(ModelFile.LibraryVersion));
            Assert.That(flow, Does.Contain("bound").And.Contains("[8, 4]"));
            Assert.That(residual, Does.Match(@"nuisances +2").And.Match($"content of its base +{content}").And.Match(@"training\.base +kin\.safetensors"));
        });
    }

    [Test]
    public void Inspect_tells_shape_range_and_lost_numbers_of_data()
    {
        WriteRows("x.npy", [1, -2, float.NaN, 5], 2);
        NpzFile.Write(In("x.npz"), new TensorArchive([TensorData.Create<int>("label", [3], [4, 5, 6])]));
        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Succeed("inspect", In("x.npy")), Does.Match(@"x +\| Float32 +\| \[2, 2\] +\| +-2 +\| +5 +\| +1"));
            Assert.That(CliRun.Succeed("inspect", In("x.npz")), Does.Match(@"label +\| +Int32 +\| +\[3\] +\| +4 +\| +6 +\| +0"));
        });
    }

    [Test]
    public void A_file_that_does_not_exist_is_one_sentence() =>
        Assert.That(CliRun.Fail(ExitCode.Failure, "inspect", In("none.safetensors")), Does.Contain("none.safetensors"));

    private void Refused()
    {
        WriteRows("x.npy", Numbers(1, 20), 2);
        File.WriteAllText(In("out.npy"), "precious");
        foreach (var command in new string[][]
        {
            ["inspect", Model],
            ["sample", Model, "--n", "5", "--context", "1,0", "-o", In("out.npy"), "--force"],
            ["log-prob", Model, "--x", In("x.npy"), "--context", "1,0", "-o", In("out.npy"), "--force"],
        })
        {
            Assert.That(CliRun.Fail(ExitCode.Failure, command), Does.Contain("kin.safetensors"));
        }

        Assert.That(File.ReadAllText(In("out.npy")), Is.EqualTo("precious"));
    }

    private static float[] Numbers(ulong seed, int count)
    {
        var numbers = new float[count];
        new RandomStream(seed).FillNormal<float>(numbers);
        return numbers;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private void WriteRows(string name, float[] numbers, int columns) =>
        NpyFile.Write(In(name), TensorData.Create<float>("x", [numbers.Length / columns, columns], numbers));
}
