using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Gpu;
using FlowCore.Training;

namespace FlowCore.Tests.Gpu;

/// <summary>The program of docs/gpu.md, line by line, so that it compiles.</summary>
internal static class FirstProgram
{
    /// <summary>Runs it on the best accelerator there is.</summary>
    /// <param name="samples">[events, 2].</param>
    /// <param name="path">Where the flow is saved.</param>
    /// <returns>Log-densities from the accelerator and from the processor.</returns>
    public static (Tensor<float> There, Tensor<float> Here) Run(ReadOnlyTensorSpan<float> samples, string path)
    {
        using var device = GpuDevice.Best();                            // or Cuda(0), OpenCl(0); List() tells what there is
        using var flow = NeuralSplineFlow.Create<float>(features: 2, device: device);
        flow.Fit(samples);                                              // trains there
        var logDensity = flow.LogDensity(samples);                      // evaluates there
        flow.Save(path);                                                // the same file as from the processor
        using var onCpu = flow.ConvertTo<float>(Device.Cpu);            // and back
        return (logDensity, onCpu.LogDensity(samples));
    }
}
