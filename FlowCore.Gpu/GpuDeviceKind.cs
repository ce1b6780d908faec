namespace FlowCore.Gpu;

/// <summary>How an accelerator is reached.</summary>
public enum GpuDeviceKind
{
    /// <summary>A CUDA device.</summary>
    Cuda,

    /// <summary>An OpenCL device: a graphics processor, or a processor with an OpenCL driver.</summary>
    OpenCl,

    /// <summary>ILGPU's emulation on the processor, which runs every kernel as an accelerator would, slowly: for tests.</summary>
    Emulated,
}
