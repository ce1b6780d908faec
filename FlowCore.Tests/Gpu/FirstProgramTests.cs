using System.Numerics.Tensors;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Gpu;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>The first program of docs/gpu.md does what the document says.</summary>
[TestFixture]
internal sealed class FirstProgramTests
{
    [Test]
    public void It_runs_where_there_is_an_accelerator_and_says_so_where_there_is_none()
    {
        using var folder = new TemporaryFolder();
        var samples = Tensor.Create(Enumerable.Range(0, 400).Select(i => MathF.Sin(i)).ToArray(), [200, 2]);
        if (!RealDevice.Kinds.Any())
        {
            Assert.That(() => FirstProgram.Run(samples, folder.File("flow.safetensors")), Throws.InvalidOperationException.With.Message.Contains("no CUDA or OpenCL device"));
            return;
        }

        var (there, here) = FirstProgram.Run(samples, folder.File("flow.safetensors"));
        // Steep splines in float, as everywhere between devices.
        Assert.That(there.ToArray(), Is.EqualTo(here.ToArray()).Within(3e-4));
        using var again = FlowCore.Distributions.Flow<float>.Load(folder.File("flow.safetensors"));
        Assert.That(again.LogDensity(samples).ToArray(), Is.EqualTo(here.ToArray()));
    }

    [Test]
    public void A_flow_with_default_settings_is_made_where_it_is_asked_for()
    {
        using var device = GpuDevice.Emulated();
        using var spline = NeuralSplineFlow.Create<float>(features: 2, device: device);
        using var affine = MaskedAffineFlow.Create<float>(features: 2, contextFeatures: 1, seed: 3, device);
        Assert.That(spline.Device, Is.SameAs(device));
        Assert.That(affine.Device, Is.SameAs(device));
    }
}
