using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// A SIMD register of numbers, or a single number: what the processor's kernels are written in, once for every width.
/// </summary>
internal unsafe interface IRegister<TSelf, T> : ILane<TSelf, T>
    where TSelf : unmanaged, IRegister<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers a register holds: a power of two.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf value, T* destination);

    /// <summary>Loads the first <paramref name="count"/> numbers (0 to Count); the other lanes are zero and their memory is not touched.</summary>
    static abstract TSelf LoadPartial(T* source, int count);

    /// <summary>Stores the first <paramref name="count"/> numbers (0 to Count); memory behind them is not touched.</summary>
    static abstract void StorePartial(TSelf value, T* destination, int count);

    /// <summary>The sum of all lanes, added pairwise in a fixed order that depends on Count alone.</summary>
    static abstract T Sum(TSelf a);
}
