using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The first lanes of a register: the remainder of a shared matrix or of a flat buffer.</summary>
internal readonly unsafe struct PartialAccess<V, T> : IAccess<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source, int count) => V.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, T* destination, int count) => V.StorePartial(value, destination, count);
}
