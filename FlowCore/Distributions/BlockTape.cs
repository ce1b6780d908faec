using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>What a block of a call computes with: a queue, its tape, and host memory for shared rows repeated over the block.</summary>
internal sealed class BlockTape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernels<T> _kernels;

    public BlockTape(DensityModel<T> model, int capacity)
    {
        Capacity = capacity;
        _kernels = model.Device.CreateKernels<T>();
        Tape = new Tape<T>(_kernels, capacity);
        Context = new T[capacity * model.ContextFeatures];
        Nuisances = new T[capacity * model.Nuisances];
        ConditionRow = new T[model.ConditionColumns];
    }

    /// <summary>The rows of the largest block.</summary>
    public int Capacity { get; }

    public Tape<T> Tape { get; }

    public T[] Context { get; }

    public T[] Nuisances { get; }

    public T[] ConditionRow { get; }

    public void Dispose()
    {
        Tape.Dispose();
        _kernels.Dispose();
    }
}
