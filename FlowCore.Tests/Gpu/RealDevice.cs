using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>
/// The accelerators of this machine, for the tests that need one: a fixture for each kind that there is, so that a machine without
/// has no such tests.
/// </summary>
internal static class RealDevice
{
    /// <summary>The kinds of devices on this machine; empty on most.</summary>
    public static IEnumerable<GpuDeviceKind> Kinds => GpuDevice.List().Select(device => device.Kind).Distinct();

    /// <summary>The same with both number types, for generic fixtures.</summary>
    public static IEnumerable<TestFixtureData> KindsAndTypes => Kinds.SelectMany(kind => new[] { new TestFixtureData(typeof(float), kind), new TestFixtureData(typeof(double), kind) });

    /// <summary>Opens the first device of a kind.</summary>
    public static GpuDevice Open(GpuDeviceKind kind, GpuDeviceOptions? options = null) =>
        kind == GpuDeviceKind.Cuda ? GpuDevice.Cuda(0, options) : GpuDevice.OpenCl(0, options);
}
