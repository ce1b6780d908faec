using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Choosing an accelerator.</summary>
[TestFixture]
internal sealed class GpuDeviceTests
{
    [Test]
    public void A_device_that_is_not_there_is_one_clear_error_that_says_what_is()
    {
        var cuda = GpuDevice.List().Count(device => device.Kind == GpuDeviceKind.Cuda);
        Assert.That(
            () => GpuDevice.Cuda(cuda),
            Throws.InvalidOperationException.With.Message.StartsWith($"There is no CUDA device {cuda} here; there is "));
        Assert.That(() => GpuDevice.OpenCl(99), Throws.InvalidOperationException.With.Message.StartsWith("There is no OpenCL device 99 here"));
    }

    [Test]
    public void The_best_device_is_one_of_the_list_or_an_error()
    {
        var all = GpuDevice.List();
        if (all.Count == 0)
        {
            Assert.That(() => GpuDevice.Best(), Throws.InvalidOperationException.With.Message.EqualTo("There is no CUDA or OpenCL device here."));
            return;
        }

        using var best = GpuDevice.Best();
        Assert.That(all, Does.Contain(best.Info));
        if (all.Any(device => device.Kind == GpuDeviceKind.Cuda))
            Assert.That(best.Info.Kind, Is.EqualTo(GpuDeviceKind.Cuda));
    }

    [Test]
    public void A_device_says_what_it_is()
    {
        using var device = GpuDevice.Emulated(new GpuDeviceOptions { BlockRows = 64 });
        Assert.Multiple(() =>
        {
            Assert.That(device.Name, Does.EndWith("(emulated)"));
            Assert.That(device.Workers, Is.EqualTo(1));
            Assert.That(device.BlockRows, Is.EqualTo(64));
            Assert.That(device.Info.ToString(), Does.StartWith("emulated 0: "));
            Assert.That(device.Transfers, Is.EqualTo(default(GpuTransfers)));
        });
    }

    [TestCase(0)]
    [TestCase(33)]
    public void Blocks_are_multiples_of_the_row_quantum(int rows) =>
        Assert.That(() => GpuDevice.Emulated(new GpuDeviceOptions { BlockRows = rows }), Throws.ArgumentException.With.Message.Contains("multiple of 32"));

    [Test]
    public void A_memory_limit_is_positive() =>
        Assert.That(() => GpuDevice.Emulated(new GpuDeviceOptions { MemoryLimit = 0 }), Throws.ArgumentException.With.Message.Contains("bytes"));

    [Test]
    public void Other_number_types_are_refused()
    {
        using var device = GpuDevice.Emulated();
        Assert.That(() => device.CreateKernels<Half>(), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Half"));
    }

    [Test]
    public void A_disposed_device_is_an_error()
    {
        var device = GpuDevice.Emulated();
        device.Dispose();
        device.Dispose();
        Assert.That(() => device.CreateKernels<float>(), Throws.TypeOf<ObjectDisposedException>());
    }
}
