using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>∂f/∂a.</summary>
internal readonly struct ByFirst<F, V> : IPartialDerivative<V>
    where F : struct, IBinaryFunction<V>
    where V : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V a, V b) => F.ByFirst(a, b);
}
