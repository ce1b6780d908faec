using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>The accelerator of this machine, where there is one: tests on it are skipped, with the reason, where there is none.</summary>
internal static class RealDevice
{
    /// <summary>Opens the first device of a kind, or ends the test as skipped.</summary>
    public static GpuDevice OpenOrSkip(GpuDeviceKind kind, GpuDeviceOptions? options = null)
    {
        if (!GpuDevice.List().Any(device => device.Kind == kind))
            Assert.Ignore($"There is no {GpuDevice.NameOf(kind)} device on this machine.");
        return kind == GpuDeviceKind.Cuda ? GpuDevice.Cuda(0, options) : GpuDevice.OpenCl(0, options);
    }
}
