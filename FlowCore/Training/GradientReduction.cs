using System.Numerics;

namespace FlowCore.Training;

/// <summary>Adds the gradient slots into the first, in their order, chunk by chunk on all workers, and takes the squares of the sum.</summary>
/// <param name="kernels">The queue of each worker.</param>
/// <param name="slots">The slots.</param>
/// <param name="chunks">What is trained.</param>
/// <param name="squares">Receives the sum of squares of each chunk.</param>
/// <param name="first">The place of the first chunk's.</param>
internal sealed class GradientReduction<T>(
    Kernels<T>[] kernels, DeviceMemory<T>[] slots, ParameterChunk[] chunks, DeviceMemory<double> squares, int first) : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _count;

    /// <summary>Reduces the first <paramref name="count"/> slots.</summary>
    public void Run(Device device, int count)
    {
        _count = count;
        device.Run(this, chunks.Length);
    }

    /// <summary>Adds the squares of the chunks in their order.</summary>
    /// <param name="sums">What was read of the buffer.</param>
    /// <returns>The sum of the squares of the summed gradient.</returns>
    public double Total(ReadOnlySpan<double> sums)
    {
        double total = 0;
        foreach (var square in sums.Slice(first, chunks.Length))
            total += square;
        return total;
    }

    /// <summary>
    /// The factor of the update: the slots hold the gradient of the weighted sum, and the division by the sum of the weights and the
    /// clipping are one factor in the sweep. The 10⁻⁶ is that of torch's clip_grad_norm_.
    /// </summary>
    public static double ScaleOf(double weight, double norm, double? clip)
    {
        var scale = 1 / weight;
        return clip is { } largest && norm + 1e-6 > largest ? scale * (largest / (norm + 1e-6)) : scale;
    }

    public void Run(int item, int worker) =>
        kernels[worker].ReduceGradients(slots, _count, slots[0], chunks[item].Start, chunks[item].Length, squares, first + item);
}
