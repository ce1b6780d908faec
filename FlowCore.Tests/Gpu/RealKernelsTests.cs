using System.Numerics;
using FlowCore.Compute;
using FlowCore.Gpu;
using FlowCore.Tests.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Every kernel on a real accelerator against the scalar kernel of the processor; there are no such tests where there is none.</summary>
[TestFixtureSource(typeof(RealDevice), nameof(RealDevice.KindsAndTypes))]
internal sealed class RealKernelsTests<T>(GpuDeviceKind kind) : KernelAgreementTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private GpuDevice? _device;
    private Kernels<T>? _kernels;

    protected override IEnumerable<(string Name, Kernels<T> Kernels)> Others => [(_device!.Name, _kernels!)];

    protected override IReadOnlyList<int> Lengths { get; } = [1, 33, 700];

    // Smaller and larger than a group's tile of 64 × 32 numbers, and rows for several segments.
    protected override IReadOnlyList<(int Rows, int Inputs, int Outputs)> Products { get; } = [(1, 1, 1), (33, 3, 7), (130, 35, 77), (3000, 19, 13)];

    protected override bool SumsInOtherOrder => true;

    // Compilers may fuse a product and a sum that the formulas keep apart, and OpenCL allows divisions and square roots an error of 3 units:
    // up to some ten of them in a row, on results of size 1 to 30.
    protected override double Rounding => 30 * 30 * (typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16);

    [OneTimeSetUp]
    public void Open()
    {
        _device = RealDevice.Open(kind);
        _kernels = _device.CreateKernels<T>();
    }

    [OneTimeTearDown]
    public void Free()
    {
        _kernels?.Dispose();
        _device?.Dispose();
    }
}
