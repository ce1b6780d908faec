using System.Numerics;
using FlowCore.Compute;
using FlowCore.Gpu;
using FlowCore.Tests.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Every kernel of an accelerator, emulated thread by thread, against the scalar kernel of the processor.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class EmulatedKernelsTests<T> : KernelAgreementTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GpuDevice _device = GpuDevice.Emulated();
    private readonly Kernels<T> _kernels;

    public EmulatedKernelsTests() => _kernels = _device.CreateKernels<T>();

    protected override IEnumerable<(string Name, Kernels<T> Kernels)> Others => [("emulated", _kernels)];

    // A block of one row, one with padding, and one of two quanta of rows.
    protected override IReadOnlyList<int> Lengths { get; } = [1, 33];

    // Smaller and larger than a group's tile of 8 × 8 numbers and than its depth of 16.
    protected override IReadOnlyList<(int Rows, int Inputs, int Outputs)> Products { get; } = [(1, 1, 1), (33, 3, 7), (40, 19, 13)];

    protected override bool SumsInOtherOrder => true;

    [OneTimeTearDown]
    public void Free()
    {
        _kernels.Dispose();
        _device.Dispose();
    }
}
