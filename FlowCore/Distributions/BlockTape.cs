using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>What a block of a call computes with: a queue, its tape, and host memory for one shared row repeated over the block.</summary>
internal sealed class BlockTape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernels<T> _kernels;

    public BlockTape(DensityModel<T> model, int capacity)
    {
        Capacity = capacity;
        _kernels = model.Device.CreateKernels<T>();
        Tape = new Tape<T>(_kernels, capacity);
        Host = new T[capacity * Math.Max(model.ContextFeatures, model.Nuisances)];
    }

    /// <summary>The rows of the largest block.</summary>
    public int Capacity { get; }

    public Tape<T> Tape { get; }

    public T[] Host { get; }

    public void Dispose()
    {
        Tape.Dispose();
        _kernels.Dispose();
    }
}
