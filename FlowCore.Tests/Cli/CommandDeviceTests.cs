using CommandLine;
using FlowCore.Compute;
using FlowCore.Tests.FactorizableFlow;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>Choosing where a verb computes, on a machine that may have no accelerator.</summary>
[TestFixture]
public sealed class CommandDeviceTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("flowcore-device-").FullName;
        KnownModels.Save(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("toaster")]
    [TestCase("")]
    public void A_device_of_no_such_name_is_a_usage_error(string name) =>
        Assert.That(Sample(ExitCode.Usage, "--device", name), Does.Contain("cpu, cuda, opencl or gpu").And.Contains($"'{name}'"));

    [TestCase("cuda:99")]
    [TestCase("OpenCL:99")]
    public void A_device_that_a_flag_names_and_is_not_there_is_one_sentence(string name)
    {
        Assert.That(Sample(ExitCode.Failure, "--device", name), Does.StartWith("There is no "));
        Assert.That(File.Exists(Path.Combine(_folder, "out.npy")), Is.False);
    }

    [TestCase("cuda:99")]
    [TestCase("a device of another program")]
    public void A_device_that_a_config_names_and_is_not_there_falls_back_to_the_processor_and_says_so(string name)
    {
        using StringWriter output = new(), error = new();
        var context = new CommandContext(new ConsoleReporter(output, error, isTerminal: false), CancellationToken.None);
        using var device = CommandDevice.Open(context, flag: null, name, threads: 3);
        Assert.Multiple(() =>
        {
            Assert.That(device.Device, Is.TypeOf<CpuDevice>());
            Assert.That(device.Device.Workers, Is.EqualTo(3));
            Assert.That(error.ToString(), Is.EqualTo($"Warning: The device '{name}' is not available here; the processor is used.{Environment.NewLine}"));
        });
    }

    [Test]
    public void The_flag_goes_before_the_config()
    {
        using StringWriter output = new(), error = new();
        var context = new CommandContext(new ConsoleReporter(output, error, isTerminal: false), CancellationToken.None);
        using var device = CommandDevice.Open(context, "CPU", "cuda:99", threads: 1);
        Assert.That(device.Device, Is.TypeOf<CpuDevice>());
        Assert.That(error.ToString(), Is.Empty);
    }

    private string Sample(int code, params string[] flags) => CliRun.Fail(
        code, ["sample", Path.Combine(_folder, "kin.safetensors"), "--n", "10", "--context", "1,0", "-o", Path.Combine(_folder, "out.npy"), .. flags]);
}
