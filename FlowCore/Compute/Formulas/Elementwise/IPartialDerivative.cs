using System.Numerics;

namespace FlowCore.Compute;

/// <summary>One partial derivative of a function of two arguments, as a type.</summary>
internal interface IPartialDerivative
{
    /// <summary>The derivative at (a, b).</summary>
    static abstract V Value<V, T>(V a, V b)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
