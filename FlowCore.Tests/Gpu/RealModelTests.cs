using FlowCore.Gpu;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Training;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Whole models and trainings on a real accelerator; there are no such tests where there is none.</summary>
[TestFixtureSource(typeof(RealDevice), nameof(RealDevice.Kinds))]
internal sealed class RealModelTests(GpuDeviceKind kind) : GpuModelAgreement
{
    [Test]
    public void A_warm_step_allocates_nothing()
    {
        using var device = Open();
        using var model = Models.Factorizable<float>(2, 1, 1, device);
        var data = new NormalRows<float>(2, 1, 3);
        using var trainer = new Trainer<float>(model, data, new TrainingOptions { BatchSize = 40, StepsPerEpoch = 100, Epochs = 1, GradientClip = 1 });
        var allocated = long.MaxValue;
        for (var step = 0; step < 20; step++)
        {
            // The first steps compile kernels and plan memory, and the runtime may allocate when it compiles a method anew.
            var before = GC.GetAllocatedBytesForCurrentThread();
            var memory = device.AllocatedBytes;
            trainer.RunStep();
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            if (step > 2)
                Assert.That(device.AllocatedBytes, Is.EqualTo(memory), "on the device");
        }

        Assert.That(allocated, Is.Zero);
    }

    protected override int Rows => 1000;

    protected override (int[] Hidden, int BatchSize) BaseSize => ([128, 128, 128], 1024);

    protected override (int[] Hidden, int BatchSize) ResidualSize => ([128, 128], 1024);

    protected override GpuDevice Open(GpuDeviceOptions? options = null) => RealDevice.Open(kind, options);
}
