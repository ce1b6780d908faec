using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>Every kernel in every register width against the same kernel in <see cref="ScalarLane{T}"/>.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class CpuKernelsWidthTests<T> : KernelAgreementTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (string, Kernels<T>)[] _widths =
    [
        ("128 bits", new CpuKernels<Lanes128<T>, T>(Device.Cpu)),
        ("256 bits", new CpuKernels<Lanes256<T>, T>(Device.Cpu)),
        ("512 bits", new CpuKernels<Lanes512<T>, T>(Device.Cpu)),
    ];

    protected override IEnumerable<(string Name, Kernels<T> Kernels)> Others => _widths;

    // Around the widths of 2, 4, 8 and 16 lanes, and of two registers of them.
    protected override IReadOnlyList<int> Lengths { get; } = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100];

    // Around the sizes of tiles and panels; one input takes a way of its own in the weight's adjoint.
    protected override IReadOnlyList<(int Rows, int Inputs, int Outputs)> Products { get; } = [(1, 1, 1), (33, 3, 7), (64, 12, 13), (100, 35, 26)];

    [OneTimeTearDown]
    public void Free()
    {
        foreach (var (_, kernels) in _widths)
            kernels.Dispose();
    }
}
