using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Limited raw parameters, the identity outside.</summary>
internal readonly struct PlainSpline : ISplineKind
{
    public static bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static bool IsSoftmax
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }
}
