using System.Numerics;

namespace FlowCore.Training;

/// <summary>Adds the gradient slots into the first, in their order, chunk by chunk on all workers, and finds the norm of the sum.</summary>
internal sealed class GradientReduction<T>(TrainingWorker<T>[] workers, DeviceMemory<T>[] slots, ParameterChunk[] chunks) : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _squares = new double[chunks.Length];
    private int _count;

    /// <summary>Reduces.</summary>
    /// <returns>The sum of the squares of the summed gradient.</returns>
    public double Run(Device device, int count)
    {
        _count = count;
        device.Run(this, chunks.Length);
        double sum = 0;
        foreach (var square in _squares)
            sum += square;
        return sum;
    }

    public void Run(int item, int worker) =>
        _squares[item] = workers[worker].Kernels.ReduceGradients(slots, _count, slots[0], chunks[item].Start, chunks[item].Length);
}
