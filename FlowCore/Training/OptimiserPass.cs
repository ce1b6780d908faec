using System.Numerics;

namespace FlowCore.Training;

/// <summary>One update of all trainable parameters, chunk by chunk on all workers.</summary>
internal sealed class OptimiserPass<T>(
    Kernels<T>[] kernels,
    ParameterChunk[] chunks,
    DeviceMemory<T> parameters,
    DeviceMemory<T> gradients,
    DeviceMemory<T> firstMoment,
    DeviceMemory<T> secondMoment) : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private OptimiserStep _step;

    public void Run(Device device, in OptimiserStep step)
    {
        _step = step;
        device.Run(this, chunks.Length);
    }

    public void Run(int item, int worker) =>
        kernels[worker].OptimiserSweep(
            _step, parameters, gradients, firstMoment, secondMoment, chunks[item].Start, chunks[item].Length);
}
