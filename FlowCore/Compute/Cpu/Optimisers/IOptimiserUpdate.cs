using System.Numerics;

namespace FlowCore.Compute;

/// <summary>The update of one register of parameters, with the constants of a step.</summary>
internal unsafe interface IOptimiserUpdate<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Updates the parameters and their moments in place.</summary>
    /// <param name="parameter">The parameters.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="first">The momentum or first moment.</param>
    /// <param name="second">The second moment.</param>
    /// <param name="count">How many numbers are meant.</param>
    void Apply<A>(T* parameter, T* gradient, T* first, T* second, int count)
        where A : struct, IAccess<V, T>;
}
