using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Whole models and trainings on ILGPU's emulation of an accelerator.</summary>
[TestFixture]
internal sealed class EmulatedModelTests : GpuModelAgreement
{
    protected override int Rows => 70;

    protected override (int[] Hidden, int BatchSize) BaseSize => ([128, 128, 128], 32);

    // The residual has the base beneath it, and a network for every nuisance and pair.
    protected override (int[] Hidden, int BatchSize) ResidualSize => ([12, 12], 24);

    protected override GpuDevice Open(GpuDeviceOptions? options = null) => GpuDevice.Emulated(options);
}
