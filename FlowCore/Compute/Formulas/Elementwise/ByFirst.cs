using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>∂f/∂a.</summary>
internal readonly struct ByFirst<F> : IPartialDerivative
    where F : struct, IBinaryFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IPartialDerivative.Value<V, T>(V a, V b) => F.ByFirst<V, T>(a, b);
}
