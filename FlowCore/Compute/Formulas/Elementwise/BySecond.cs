using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>∂f/∂b.</summary>
internal readonly struct BySecond<F, V> : IPartialDerivative<V>
    where F : struct, IBinaryFunction<V>
    where V : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V a, V b) => F.BySecond(a, b);
}
