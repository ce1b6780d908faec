using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>∂f/∂b.</summary>
internal readonly struct BySecond<F> : IPartialDerivative
    where F : struct, IBinaryFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IPartialDerivative.Value<V, T>(V a, V b) => F.BySecond<V, T>(a, b);
}
