using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// A function of two arguments with its derivatives, as a type: written once, in lanes, and compiled for every width, device and loop.
/// <see cref="BinaryFunction"/> lists them.
/// </summary>
internal interface IBinaryFormula
{
    /// <summary>The lower end of the open range of first arguments for any second one.</summary>
    static virtual double Lowest => double.NegativeInfinity;

    /// <summary>f(a, b).</summary>
    static abstract V Value<V, T>(V a, V b)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>∂f/∂a.</summary>
    static abstract V ByFirst<V, T>(V a, V b)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>∂f/∂b.</summary>
    static abstract V BySecond<V, T>(V a, V b)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
