using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Limited raw parameters with any ends and tails.</summary>
internal readonly struct LimitedSpline : ISplineKind
{
    public static bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool IsSoftmax
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }
}
