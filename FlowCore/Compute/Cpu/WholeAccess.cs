using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Whole registers; the count is not looked at.</summary>
internal readonly unsafe struct WholeAccess<V, T> : IAccess<V, T>
    where V : unmanaged, IRegister<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source, int count) => V.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, T* destination, int count) => V.Store(value, destination);
}
