using System.Numerics;

namespace FlowCore.Compute;

/// <summary>How a loop body reaches memory, as a type: in whole registers, or in part of one for the remainder.</summary>
internal unsafe interface IAccess<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Loads a register of which <paramref name="count"/> numbers are meant.</summary>
    static abstract V Load(T* source, int count);

    /// <summary>Stores a register of which <paramref name="count"/> numbers are meant.</summary>
    static abstract void Store(V value, T* destination, int count);
}
