using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Registers filled with a constant, which is folded when the code is compiled.</summary>
internal static class Constant<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static V Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Create(T.Zero);
    }

    internal static V One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Create(T.One);
    }

    /// <summary>A constant that is the same number in either type, up to rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Of(double value) => V.Constant((float)value, value);
}
