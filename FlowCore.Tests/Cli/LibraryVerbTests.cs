using FlowCore.IO;
using FlowCore.Tests.Golden;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>The verbs on state dictionaries of nflows, normflows, mbank and the newer flows of zuko.</summary>
[TestFixture]
internal sealed class LibraryVerbTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("nflows_coupling_log3", "scale", "--scale", "log3")]
    [TestCase("nflows_uncond_quad", "bound of the splines 1 (--bound; glasflow has 5)", "--bound", "3")]
    [TestCase("nflows_gap", null, "--layers", "leaky-relu:0.2,*,log-tanh,*")]
    [TestCase("normflows_circ_coupled_c2", null, "--circular", "1")]
    [TestCase("normflows_affine_block", null, "--layers", "*,swap,*,swap,*,swap")]
    [TestCase("zuko_GMM_full_c2", null, "--components", "3")]
    public void Densities_are_those_of_the_library_with_the_flag_that_the_program_asks_for(string name, string? assumed, params string[] flags)
    {
        var golden = NpzFile.Read(Case($"{name}.npz"));
        NpyFile.Write(_folder.File("x.npy"), golden["x"]);
        List<string> arguments = ["log-prob", Case($"{name}.pt"), "--x", _folder.File("x.npy"), "-o", _folder.File("o.npy"), "--double", "--force"];
        if (golden.TryGet("context", out var context))
        {
            NpyFile.Write(_folder.File("c.npy"), context);
            arguments.AddRange(["--context", _folder.File("c.npy")]);
        }

        if (assumed is null)
            Assert.That(CliRun.Fail(1, [.. arguments]), Does.Contain(flags[0]));
        else
            Assert.That(CliRun.Succeed([.. arguments]), Does.Contain(assumed));

        Assert.That(CliRun.Succeed([.. arguments, .. flags]), Does.Not.Contain($"({flags[0]}"));
        var (expected, actual) = (golden["logp"].ToArray<double>(), NpyFile.Read(_folder.File("o.npy")).ToArray<double>());
        ZooComparison.Compare(name, actual, expected, ZooComparison.Value);
    }

    [Test]
    public void A_flow_of_mbank_goes_through_a_model_file_and_back_with_its_constant()
    {
        var output = CliRun.Succeed("import", Case("mbank_d3_n2_const.pt"), "-o", _folder.File("m.safetensors"));
        Assert.That(output, Does.Contain("1.25, no part of the density").And.Contain("1 Box, 2 DenseLinear, 2 MaskedAutoregressive of Affine"));
        Assert.That(CliRun.Succeed("inspect", _folder.File("m.safetensors")), Does.Contain("1.25"));
        Assert.That(CliRun.Succeed("export", _folder.File("m.safetensors"), "--mbank", "-o", _folder.File("back.pt")), Does.Contain("load_flow").And.Contain("1.25"));
        var (state, back) = (TensorFile.Read(Case("mbank_d3_n2_const.pt")), TensorFile.Read(_folder.File("back.pt")));
        Assert.That(back.Select(tensor => tensor.Name), Is.EqualTo(state.Select(tensor => tensor.Name)));
        Assert.That(back["constant"].ToArray<float>(), Is.EqualTo(new[] { 1.25f }));
        Assert.That(CliRun.Fail(1, "export", _folder.File("m.safetensors"), "-o", _folder.File("z.pt")), Does.Contain("Box"));
    }

    [TestCase("zuko_CNF", "zuko.flows.CNF(3, 0, freqs=3, hidden_features=(64, 64))")]
    [TestCase("zuko_GF", "zuko.flows.GF(3, 0, transforms=3, components=8)")]
    [TestCase("zuko_NAF", "zuko.flows.NAF(3, 0, transforms=3, signal=16, network={'hidden_features': (64, 64)}, hidden_features=(64, 64))")]
    [TestCase("zuko_SOSPF", "zuko.flows.SOSPF(3, 0, transforms=3, polynomials=3, degree=4, hidden_features=(64, 64))")]
    [TestCase("zuko_NCSF", "zuko.flows.NCSF(3, 0, transforms=3, bins=8, slope=0.001, hidden_features=(64, 64))")]
    [TestCase("zuko_BPF", "zuko.flows.BPF(3, 0, transforms=3, degree=16, hidden_features=(64, 64))", "--transformer", "bernstein")]
    public void Export_prints_the_line_that_makes_the_module(string name, string line, params string[] flags)
    {
        var golden = NpzFile.Read(GoldenFolder.File(Path.Combine("zoo", $"{name}.npz")));
        SafetensorsFile.Write(_folder.File("s.safetensors"), new TensorArchive(
            golden.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..]))));
        CliRun.Succeed(["import", _folder.File("s.safetensors"), "-o", _folder.File("m.safetensors"), .. flags]);
        Assert.That(CliRun.Succeed("export", _folder.File("m.safetensors"), "-o", _folder.File("s.pt")), Does.Contain(line));
    }

    private static string Case(string name) => GoldenFolder.File(Path.Combine("cases", name));
}
