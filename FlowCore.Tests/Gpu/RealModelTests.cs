using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Whole models and trainings on a real accelerator; skipped where there is none.</summary>
[TestFixture(GpuDeviceKind.Cuda)]
[TestFixture(GpuDeviceKind.OpenCl)]
internal sealed class RealModelTests(GpuDeviceKind kind) : GpuModelAgreement
{
    protected override int Rows => 1000;

    protected override (int[] Hidden, int BatchSize) BaseSize => ([128, 128, 128], 1024);

    protected override (int[] Hidden, int BatchSize) ResidualSize => ([128, 128], 1024);

    protected override GpuDevice Open(GpuDeviceOptions? options = null) => RealDevice.OpenOrSkip(kind, options);
}
